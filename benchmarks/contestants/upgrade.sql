-- The upgrade of the dialects of the corpus, without checks. json_merge_patch removes members that are null.
COPY (
  SELECT json_merge_patch(
    json_merge_patch(json_object('event_name', coalesce((j->'$.event_name'), (j->'$.event'))), (j->'$.properties')),
    json_object(
      'created', NULL,
      'user', json_object('consent_categories', to_json((j->'$.properties.user.consent_categories')::VARCHAR[])),
      'context', json_merge_patch(
        json_object(
          'event_id', coalesce((j->'$.event_id'), (j->'$.eventId')),
          'event_timestamp', CASE
            WHEN coalesce((j->>'$.event_timestamp'), (j->>'$.eventTimestamp'), '-') SIMILAR TO '[0-9]+'
            THEN coalesce((j->>'$.event_timestamp'), (j->>'$.eventTimestamp'))::BIGINT
            ELSE epoch_ms(coalesce((j->>'$.eventTimestamp'), (j->>'$.properties.created'))::TIMESTAMP)
          END,
          'version', CASE WHEN (j->'$.version') IS NOT NULL THEN 2 END,
          'created', CASE WHEN (j->'$.version') IS NOT NULL THEN (j->'$.properties.created') END,
          'page', CASE WHEN (j->'$.page') IS NOT NULL THEN json_merge_patch(
            json_object('url', coalesce((j->'$.page.location'), (j->'$.page.url'))),
            json_merge_patch((j->'$.page'), '{"location": null}')
          ) END,
          'app', (j->'$.app'),
          'source', (j->'$.source'),
          'generatorVersion', (j->'$.generatorVersion'),
          'containerVersion', (j->'$.containerVersion')
        ),
        json_object('device', CASE
          WHEN (j->'$.device') IS NOT NULL THEN json_merge_patch(
            json_object(
              'user_agent', coalesce((j->'$.device.userAgent'), (j->'$.device.user_agent')),
              'cookie', coalesce((j->'$.device.cookies'), (j->'$.device.cookie'))
            ),
            json_merge_patch((j->'$.device'), '{"userAgent": null, "cookies": null}')
          )
          WHEN (j->'$.userAgent') IS NOT NULL
          THEN json_object('user_agent', (j->'$.userAgent'), 'lang', (j->'$.locale'))
        END)
      )
    )
  )
  FROM (SELECT json AS j FROM read_ndjson_objects($source, maximum_object_size = 1048576))
) TO $target (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01');
