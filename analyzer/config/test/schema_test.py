#!/usr/bin/env python3
"""The JSON schema of fermata.toml accepts and refuses the same files as the program.

    schema_test.py PROGRAM
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    import tomllib
except ImportError:  # an interpreter of its own comes first on the path
    if os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3") and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("python3-jsonschema is missing: ./setup installs it")
    sys.exit(77)

FERMATA = str(pathlib.Path(sys.argv.pop()).resolve())
GOOD = [
    "",
    '[check]\ninclude = ["a/**"]\nexclude = []\nfail-on = "note"\n',
    '[rules]\nvoice-parked = "off"\ntwo-owners = "note"\n',
    '[assume]\nfade-start = "on-play"\nlegato-switch = "releases-source"\nsostenuto-cc = 66\ntcm-tasks = 1\n'
    'zones = "one-shot"\nkontakt = 7\nhorizon = 90\n',
    '[assume]\nhorizon = "500 ms"\n',
    '[assume]\nhorizon = "90s"\n',
    '[contracts]\n"a.b" = "releases 1"\nc = ["adopts 1", "creates voice"]\n',
    '[contracts]\nfiles = []\n"Lib.*" = { arguments = [1, 64], effect = "creates event  note 64 for 1" }\n',
    '[contracts]\nf = { arguments = 0 }\ng = "creates fade of 1 kill 2"\nh = { effect = ["waits", "waits for 1"] }\n',
]
BAD = [
    "[chek]\n",
    "check = 1\n",
    "[check]\nincldue = []\n",
    '[check]\ninclude = "a"\n',
    "[check]\ninclude = [1]\n",
    '[check]\nfail-on = "off"\n',
    '[rules]\nno-such-rule = "off"\n',
    "[rules]\nvoice-parked = true\n",
    "[assume]\nkontakt = 9\n",
    '[assume]\nkontakt = "8"\n',
    '[assume]\nzones = "loop"\n',
    "[assume]\nhorizon = 0\n",
    "[assume]\nhorizon = 3601\n",
    '[assume]\nhorizon = "0 s"\n',
    '[assume]\nhorizon = "90 h"\n',
    "[contracts]\nf = 1\n",
    '[contracts]\nf = "releases 65"\n',
    '[contracts]\nf = "releases"\n',
    '[contracts]\nf = "plays 1 2"\n',
    '[contracts]\nf = "creates event for 1 note 2"\n',
    '[contracts]\nf = []\n',
    '[contracts]\nf = ["waits", "waits", "waits", "waits", "waits"]\n',
    '[contracts]\nf = { argument = 1 }\n',
    '[contracts]\nf = { arguments = 65 }\n',
    '[contracts]\n"a b" = "waits"\n',
    '[contracts]\n"a*b" = "waits"\n',
    '[contracts]\nfiles = "a.toml"\n',
]


class Schema(unittest.TestCase):
    def setUp(self):
        text = subprocess.run([FERMATA, "generate", "schema"], capture_output=True, check=True).stdout
        self.schema = json.loads(text)
        jsonschema.Draft7Validator.check_schema(self.schema)

    def verdicts(self, text):
        valid = jsonschema.Draft7Validator(self.schema).is_valid(tomllib.loads(text))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "fermata.toml").write_text(text)
            pathlib.Path(folder, "a.ksp").write_text("on init\nend on\n")
            done = subprocess.run([FERMATA, "check", "a.ksp"], cwd=folder, capture_output=True)
        return valid, done.returncode == 0

    def test_good(self):
        for text in GOOD:
            self.assertEqual(self.verdicts(text), (True, True), text)

    def test_bad(self):
        for text in BAD:
            self.assertEqual(self.verdicts(text), (False, False), text)


unittest.main()
