#!/usr/bin/env python3
"""Each output format is what its readers expect, and all tell the same findings.

    formats_test.py PROGRAM SOURCE_DIR
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse
import xml.etree.ElementTree as xml

try:
    import jsonschema
except ImportError:  # an interpreter of its own comes first on the path
    if os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3") and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("python3-jsonschema is missing: ./setup installs it")
    sys.exit(77)

SOURCE = pathlib.Path(sys.argv.pop()).resolve()
FERMATA = str(pathlib.Path(sys.argv.pop()).resolve())
# Rules whose scripts are quick and differ in what they need: a site, a fault, advice, a finding with related places.
INPUTS = ["demo"] + ["rules/%s/bad.ksp" % rule for rule in (
    "legato-source-unowned", "duration-may-be-zero", "event-key-mismatch", "adopt-arguments-swapped",
    "executable-source", "expansion-failed", "unused-suppression", "import-cycle")]


def check(form, *paths, cwd=SOURCE):
    done = subprocess.run([FERMATA, "check", "--format", form, *(paths or INPUTS)], cwd=cwd, capture_output=True,
                          timeout=300)
    assert done.returncode in (0, 1) and not done.stderr, done
    return done.stdout.decode()


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = {form: check(form) for form in ("json", "sarif", "github", "gitlab", "junit")}
        cls.findings = json.loads(cls.out["json"])["findings"]
        cls.expected = sorted((f["path"], f["line"], f["rule"], f["message"]) for f in cls.findings)

    def test_there_is_something_to_compare(self):
        self.assertGreaterEqual(len({f["rule"] for f in self.findings}), 6)
        self.assertTrue(any(f["related"] for f in self.findings))

    def test_sarif_is_valid_and_says_the_same(self):
        schema = json.loads((SOURCE / "analyzer/report/test/schema/sarif-2.1.0.json").read_text())
        log = json.loads(self.out["sarif"])
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
        run = log["runs"][0]
        told = []
        for result in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]
            self.assertNotIn("suppressions", result)
            told.append((urllib.parse.unquote(place["artifactLocation"]["uri"]), place["region"]["startLine"],
                         result["ruleId"], result["message"]["text"]))
        self.assertEqual(sorted(told), self.expected)
        for rule in run["tool"]["driver"]["rules"]:
            self.assertIn("```ksp", rule["help"]["markdown"])
        prints = [r["partialFingerprints"]["fermata/v1"] for r in run["results"]]
        self.assertEqual(len(prints), len(set(prints)))

    def test_the_schema_check_can_fail(self):
        schema = json.loads((SOURCE / "analyzer/report/test/schema/sarif-2.1.0.json").read_text())
        log = json.loads(self.out["sarif"])
        log["runs"][0]["results"][0]["level"] = "fatal"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate(log)

    def test_a_thread_flow_is_one_activation(self):
        for result in json.loads(self.out["sarif"])["runs"][0]["results"]:
            if result["ruleId"] != "event-key-mismatch":
                continue
            flows = result["codeFlows"][0]["threadFlows"]
            texts = [[step["location"]["message"]["text"] for step in flow["locations"]] for flow in flows]
            acts = re.compile("key goes (down|up)$|is set to another value$")
            self.assertGreaterEqual(len(flows), 3)
            self.assertEqual((texts[0][0], texts[-1][0]), ("a key goes down", "the key goes up"))
            for steps in texts:
                self.assertEqual([bool(acts.search(step)) for step in steps], [True] + [False] * (len(steps) - 1), steps)
            order = [step["executionOrder"] for flow in flows for step in flow["locations"]]
            self.assertEqual(order, list(range(1, len(order) + 1)))
            return
        self.fail("no such finding")

    def test_github(self):
        line = re.compile(r"^::(error|warning|notice) file=([^,:]+),line=(\d+),endLine=\d+(?:,col=\d+,endColumn=\d+)?,"
                          r"title=fermata%3A ([a-z-]+)::(.*)$")
        told = []
        for text in self.out["github"].splitlines():
            level, path, number, rule, message = line.match(text).groups()
            first = urllib.parse.unquote(message).splitlines()[0]
            told.append((urllib.parse.unquote(path), int(number), rule, first))
        self.assertEqual(sorted(told), self.expected)

    def test_gitlab(self):
        issues = json.loads(self.out["gitlab"])
        told = sorted((i["location"]["path"], i["location"]["lines"]["begin"], i["check_name"], i["description"]) for i in issues)
        self.assertEqual(told, self.expected)
        self.assertEqual(len(issues), len({i["fingerprint"] for i in issues}))
        for issue in issues:
            self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))

    def test_junit(self):
        root = xml.fromstring(self.out["junit"])
        cases = root.findall("testsuite/testcase")
        failures = root.findall("testsuite/testcase/failure")
        self.assertEqual((int(root.get("tests")), int(root.get("failures"))), (len(cases), len(failures)))
        for suite in root.findall("testsuite"):
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
            self.assertEqual(int(suite.get("skipped")), len(suite.findall("testcase/skipped")))
        findings = [c for c in cases if c.find("failure") is not None or c.find("system-out") is not None]
        told = sorted((c.get("file"), int(c.get("line")), c.get("name").split(" ")[0]) for c in findings)
        self.assertEqual(told, [e[:3] for e in self.expected])
        self.assertEqual(sorted(f.get("message") for f in failures),
                         sorted(f["message"] for f in self.findings if f["level"] != "note"))

    def test_machine_formats_are_stable(self):
        for form in ("sarif", "github", "gitlab", "junit"):
            self.assertEqual(check(form, *reversed(INPUTS)), self.out[form], form)


unittest.main()
