"""Every score of a trial, behind one contract: answers in, a value or "unknown" out.

`get("sledai").score(answers, variant="selena")` is the whole use of this room. Numbers and weights are cited data in
the YAML file beside each module; the module holds only the rule. A new score is two files and a line in `registry`.
"""

from equipoise.instruments.instrument import Instrument as Instrument
from equipoise.instruments.instrument import InstrumentError as InstrumentError
from equipoise.instruments.parts import Input as Input
from equipoise.instruments.parts import Output as Output
from equipoise.instruments.parts import Setting as Setting
from equipoise.instruments.registry import all_instruments as all_instruments
from equipoise.instruments.registry import get as get
from equipoise.instruments.result import Result as Result
