#!/usr/bin/env python3
"""Safe fixes: what they leave is analysed again and played, files keep their bytes elsewhere, nothing is half written.

    fix_test.py RULES_DIR PROGRAM
"""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import unittest

from cli_support import BROKEN, Cli

RULES = pathlib.Path(sys.argv.pop()).resolve()
# Rules whose bad script has a right edit.
FIXED = ["adopt-arguments-swapped", "adopt-self-not-sent", "fade-keeps-source", "fade-not-played", "fade-without-stop",
         "legato-link-unchecked", "legato-source-unowned", "runtime-used-after-release"]


class Fixes(Cli):
    def bad(self, rule):
        return self.write(rule + ".ksp", (RULES / rule / "bad.ksp").read_bytes())

    def report(self, *args):
        status, out, err = self.run_it("check", "--format", "json", *args)
        self.assertEqual(err, "")
        return status, json.loads(out)

    def test_what_is_fixed_is_proved_and_runs_clean(self):
        for rule in FIXED:
            with self.subTest(rule=rule):
                name = self.bad(rule)
                _, before = self.report(name)
                finding = [f for f in before["findings"] if f["rule"] == rule]
                self.assertTrue(finding and any(fix["safe"] for f in finding for fix in f["fixes"]), before["findings"])
                status, after = self.report("--fix", name)
                self.assertEqual((status, after["findings"]), (0, []))
                self.assertEqual(after["summary"]["proved"], after["summary"]["sites"])
                self.assertEqual(self.report(name)[1], after)
                for f in finding:
                    self.write("s.json", json.dumps(f["scenario"]))
                    status, out, _ = self.run_it("run", name, "--scenario", "s.json", "--format", "json")
                    played = json.loads(out)
                    self.assertEqual((status, played["hung"], played["leaked"], played["faults"]), (0, [], [], []))

    def test_every_rule_with_a_fix_is_in_the_list(self):
        paths = [self.bad(rule.name) for rule in sorted(RULES.iterdir())
                 if (rule / "bad.ksp").exists() and not rule.name.startswith(("import-", "limit-"))]
        _, report = self.report(*paths)
        self.assertEqual(sorted({f["rule"] for f in report["findings"] if any(x["safe"] for x in f["fixes"])}), FIXED)

    @unittest.skipUnless(shutil.which("patch"), "patch is not installed")
    def test_diff_is_what_fix_does_and_writes_nothing(self):
        for rule in FIXED:
            name = self.bad(rule)
            before = (self.root / name).read_bytes()
            status, diff, err = self.run_it("check", "--diff", name)
            self.assertEqual((err, (self.root / name).read_bytes()), ("", before))
            subprocess.run(["patch", "-p1", "-s"], input=diff.encode(), cwd=self.root, check=True)
            patched = (self.root / name).read_bytes()
            self.bad(rule)
            self.run_it("check", "--fix", name)
            self.assertEqual((self.root / name).read_bytes(), patched)
            self.assertNotEqual(patched, before)

    def test_bytes_elsewhere_stay(self):
        text = "{ gr\u00fc\u00dfe }\n" + (RULES / "fade-without-stop" / "bad.ksp").read_text()
        for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
            for end in ("\n", "\r\n", "\r"):
                data = text.replace("\n", end).encode(encoding)
                self.write("a.ksp", data)
                self.assertEqual(self.run_it("check", "--fix", "a.ksp")[0], 0)
                wanted = text.replace("90000, 0)", "90000, 1)").replace("\n", end).encode(encoding)
                self.assertEqual((self.root / "a.ksp").read_bytes(), wanted, (encoding, end))

    def test_a_fix_in_an_imported_file(self):
        text = (RULES / "fade-without-stop" / "bad.ksp").read_text()
        at = text.index("on release")
        self.write("part.ksp", text[at:])
        self.write("main.ksp", text[:at] + 'import "part.ksp"\n')
        status, _, _ = self.run_it("check", "--fix", "main.ksp")
        self.assertEqual(status, 0)
        self.assertIn("90000, 1)", (self.root / "part.ksp").read_text())
        self.assertEqual((self.root / "main.ksp").read_text(), text[:at] + 'import "part.ksp"\n')

    def test_missing_else(self):
        text = (RULES / "legato-source-unowned" / "bad.ksp").read_text()
        start, end = text.index("            else\n"), text.index("            end if\n")
        self.write("a.ksp", text[:start] + text[end:])
        self.assertEqual(self.run_it("check", "a.ksp")[0], 1)
        self.assertEqual(self.run_it("check", "--fix", "a.ksp")[0], 0)
        self.assertIn("            else\n                ivls.release_voice(src)\n            end if\n",
                      (self.root / "a.ksp").read_text())

    def test_what_cannot_be_fixed_is_still_reported(self):
        name = self.write("a.ksp", BROKEN)
        self.assertEqual(self.run_it("check", "--fix", name)[0], 1)
        self.assertEqual((self.root / name).read_text(), BROKEN)
        self.assertEqual(self.run_it("check", "--diff", name)[:2], (1, ""))

    def test_permissions_and_links_stay(self):
        self.bad("fade-without-stop")
        real = self.root / "fade-without-stop.ksp"
        real.chmod(0o640)
        os.symlink(real.name, self.root / "link.ksp")
        self.assertEqual(self.run_it("check", "--fix", "link.ksp")[0], 0)
        self.assertTrue((self.root / "link.ksp").is_symlink())
        self.assertEqual(stat.S_IMODE(real.stat().st_mode), 0o640)
        self.assertIn("90000, 1)", real.read_text())

    @unittest.skipIf(os.geteuid() == 0, "the superuser may write everywhere")
    def test_a_folder_that_cannot_be_written(self):
        name = self.bad("fade-without-stop")
        before = (self.root / name).read_bytes()
        self.root.chmod(0o555)
        try:
            self.fails("check", "--fix", "--quiet", name, naming=[name, "cannot be written"])
        finally:
            self.root.chmod(0o755)
        self.assertEqual((self.root / name).read_bytes(), before)

    def test_options_that_exclude_each_other(self):
        name = self.bad("fade-without-stop")
        for other in (["--diff"], ["--staged"], ["--since", "HEAD"], ["--shard", "1/2"], ["--stdin-filename", "x"]):
            self.fails("check", "--fix", *other, name, naming=["command line"])


if __name__ == "__main__":
    unittest.main()
