# The upgrade of the dialects of the corpus, without checks.
def milliseconds:
  if type == "number" then .
  elif test("^[0-9]+$") then tonumber
  else (.[0:19] + "Z" | fromdateiso8601) * 1000 + (.[20:23] | tonumber)
  end;
def renamed(old; new): if type == "object" and has(old) then .[new] = .[old] | del(.[old]) else . end;

. as $event
| (if .version then {version: 2, created: .properties.created} else {} end) as $web
| (.properties | if $web.created then del(.created) else . end) as $properties
| ({
    event_id: (.event_id // .eventId),
    event_timestamp: (.event_timestamp // .eventTimestamp // .properties.created | milliseconds)
  } + $web
  + with_entries(select(.key | IN("page", "device", "app", "source", "generatorVersion", "containerVersion")))
  + (if .userAgent then {device: {user_agent: .userAgent, lang: .locale}} else {} end)
  ) as $context
| {event_name: (.event_name // .event)} + $properties
| .user.consent_categories |= map(tostring)
| .context = ($context | (.page | select(.)) |= renamed("location"; "url")
  | (.device | select(.)) |= (renamed("userAgent"; "user_agent") | renamed("cookies"; "cookie")))
