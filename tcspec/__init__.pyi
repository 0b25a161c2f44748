# The public names of tcspec, each once: type checkers read this file, and `__init__.py` imports from it lazily.

from tcspec.contract.schemas import json_schema as json_schema
from tcspec.detection import Detected as Detected
from tcspec.detection import detect as detect
from tcspec.errors import Basis as Basis
from tcspec.errors import Fix as Fix
from tcspec.errors import InvalidPayload as InvalidPayload
from tcspec.errors import OversizeEvent as OversizeEvent
from tcspec.errors import Severity as Severity
from tcspec.errors import TcspecError as TcspecError
from tcspec.errors import UnknownKind as UnknownKind
from tcspec.errors import UnreadablePayload as UnreadablePayload
from tcspec.errors import UnreadableTimestamp as UnreadableTimestamp
from tcspec.errors import Violation as Violation
from tcspec.guarding import guard as guard
from tcspec.guarding import summarise as summarise
from tcspec.parsing import parse as parse
from tcspec.pixels.pixel import Pixel as Pixel
from tcspec.pixels.pixel import read_pixel as read_pixel
from tcspec.pixels.pixel import write_pixel as write_pixel
from tcspec.pixels.query import Unsayable as Unsayable
from tcspec.requests.answers import Answer as Answer
from tcspec.requests.examination import Examination as Examination
from tcspec.requests.examination import check_request as check_request
from tcspec.requests.examination import examine_request as examine_request
from tcspec.rules.checking import check as check
from tcspec.rules.fixes.applying import SkippedFix as SkippedFix
from tcspec.rules.fixes.fixing import Fixed as Fixed
from tcspec.rules.fixes.fixing import FixedJson as FixedJson
from tcspec.rules.fixes.fixing import fix as fix
from tcspec.rules.fixes.fixing import fix_json as fix_json
from tcspec.rules.linting import lint as lint
from tcspec.size import check_size as check_size
from tcspec.size import payload_size as payload_size
from tcspec.size import split_batch as split_batch
from tcspec.size import split_bulk as split_bulk
from tcspec.timestamps import Reading as Reading
from tcspec.timestamps import normalise_timestamp as normalise_timestamp
from tcspec.timestamps import read_timestamp as read_timestamp
from tcspec.upgrades.api import Upgrade as Upgrade
from tcspec.upgrades.api import trace_upgrade as trace_upgrade
from tcspec.upgrades.api import upgrade as upgrade
from tcspec.upgrades.api import upgrade_json as upgrade_json
from tcspec.validation import is_valid as is_valid
from tcspec.validation import validate as validate

__version__: str
