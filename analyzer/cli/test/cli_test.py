#!/usr/bin/env python3
"""What the command line promises: exit statuses, one line on standard error for each failure, stable bytes.

    cli_test.py PROGRAM
"""
import json
import unittest

from cli_support import BROKEN, GOOD, HANGS, Cli


class Statuses(Cli):
    def test_nothing_found(self):
        self.assertEqual(self.run_it("check", self.write("a.ksp", GOOD))[0], 0)

    def test_something_found(self):
        status, out, err = self.run_it("check", self.write("a.ksp", BROKEN))
        self.assertEqual((status, err), (1, ""))
        self.assertIn("a.ksp:2:", out)
        self.assertIn("[syntax-error]", out)

    def test_missing_file(self):
        self.fails("check", "none.ksp", naming=["none.ksp", "no such file"])

    def test_folder_without_scripts(self):
        (self.root / "empty").mkdir()
        self.fails("check", "empty", naming=["empty", "no scripts"])

    def test_binary(self):
        self.fails("check", self.write("a.ksp", b"\x7fELF\x00\x01\x02" * 50), naming=["a.ksp", "not text"])

    def test_control_characters_in_a_name_are_written_out(self):
        self.fails("check", "a\x1b[31m\n.ksp", naming=["a\\x1b[31m\\n.ksp"])

    def test_the_other_files_are_still_analysed(self):
        out = self.fails("check", "--format", "json", "none.ksp", self.write("b.ksp", BROKEN), naming=["none.ksp"])
        self.assertEqual(json.loads(out)["findings"][0]["path"], "b.ksp")

    def test_options_that_do_not_exist(self):
        self.write("a.ksp", GOOD)
        for option in (["--format", "xml"], ["--jobs", "0"], ["--nonsense"]):
            self.fails("check", *option, "a.ksp", naming=["command line"])
        for command in (["lsp"], ["verify", "x"], []):
            self.fails(*command, naming=["command line"])

    def test_unknown_rule(self):
        self.fails("check", "--select", "voice-parkd", self.write("a.ksp", GOOD), naming=["voice-parkd", "voice-parked"])

    def test_unwritable_output(self):
        self.fails("check", "--output", "no/such/folder/x", self.write("a.ksp", GOOD), naming=["no/such/folder/x"])

    def test_version_and_help(self):
        self.assertEqual(self.run_it("--version")[0], 0)
        self.assertTrue(self.run_it("--version")[1].startswith("fermata "))
        self.assertEqual(self.run_it("check", "--help")[0], 0)


class UnusualInputs(Cli):
    def finds(self, text, *rules, name="a.ksp", status=1):
        """The findings as 'path:line rule', in order."""
        got, out, err = self.run_it("check", "--format", "json", self.write(name, text))
        self.assertEqual((got, err), (status, ""))
        self.assertEqual(["%(path)s:%(line)d %(rule)s" % f for f in json.loads(out)["findings"]], list(rules))

    def test_parentheses_without_end(self):
        for close in (")" * 100000, ""):
            self.finds("on note\n  $EVENT_NOTE := " + "(" * 100000 + "1" + close + "\nend on\n", "a.ksp:2 limit-reached")

    def test_a_million_parentheses_blocks_and_signs(self):
        self.finds("on note\n  $EVENT_NOTE := " + "(" * 1000000 + "1" + ")" * 1000000 + "\nend on\n", "a.ksp:2 limit-reached")
        self.finds("on note\n" + "if (1 = 1)\n" * 100000 + "end if\n" * 100000 + "end on\n", "a.ksp:1002 limit-reached")
        self.finds("on note\n  $EVENT_NOTE := " + "-" * 1000000 + "1\nend on\n", "a.ksp:2 limit-reached")

    def test_text_that_grows_without_end(self):
        macros = "".join("macro m%d\n  m%d\n  m%d\nend macro\n" % (i, i + 1, i + 1) for i in range(40))
        self.finds(macros + "macro m40\n  exit\nend macro\non note\n  m0\nend on\n", "a.ksp:165 limit-reached")
        defines = "".join("define D%d := D%d + D%d\n" % (i, i + 1, i + 1) for i in range(40))
        self.finds(defines + "define D40 := 1\non init\n  declare $a := D0\nend on\n", "a.ksp:43 limit-reached")
        self.finds("define A := A + A\non init\n  declare $a := A\nend on\n", "a.ksp:1 expansion-failed")
        self.finds("macro m\n  m\nend macro\non init\n  m\nend on\n", "a.ksp:5 limit-reached")
        self.finds("macro m(n)\n  exit\nend macro\non init\n  iterate_macro(m) := 0 to 2000000000\nend on\n", "a.ksp:5 limit-reached")

    def says(self, text, *words, options=()):
        """One finding, limit-reached, with these words in its message."""
        status, out, err = self.run_it("check", "--format", "json", *options, self.write("a.ksp", text))
        findings = json.loads(out)["findings"]
        self.assertEqual((status, err, [f["rule"] for f in findings]), (1, "", ["limit-reached"]))
        for word in words:
            self.assertIn(word, findings[0]["message"])

    def test_each_limit_is_an_option_that_its_message_names(self):
        self.says(GOOD, "--max-file-bytes is 20", "raise", options=["--max-file-bytes", "20"])
        self.write("b.ksp", "function f\nend function\n")
        self.write("c.ksp", "function g\nend function\n")
        imports = 'import "b.ksp"\nimport "c.ksp"\n' + GOOD
        self.says(imports, "--max-imports (1)", "raise", options=["--max-imports", "1"])
        self.says(imports, "--max-program-bytes (120)", "raise", options=["--max-program-bytes", "120"])
        macros = "macro a\n  b\nend macro\nmacro b\n  exit\nend macro\non note\n  a\nend on\n"
        self.says(macros, "--max-expansion-depth (1)", options=["--max-expansion-depth", "1"])
        self.says(macros, "--max-expansion-bytes (10)", options=["--max-expansion-bytes", "10"])
        for option in ("file-bytes", "program-bytes", "expansion-bytes", "expansion-depth", "imports"):
            self.fails("check", "--max-" + option, "0", "a.ksp", naming=["command line"])

    def test_a_file_of_a_hundred_megabytes(self):
        path = self.root / "big.ksp"
        with path.open("wb") as file:
            file.truncate(100 << 20)
        self.write("a.ksp", BROKEN)
        status, out, err = self.run_it("check", "--quiet", "big.ksp", "a.ksp")
        self.assertEqual((status, err), (1, ""))
        self.assertIn("104857600 bytes", out)
        self.assertIn("a.ksp:2:", out)

    def test_what_is_no_file(self):
        self.fails("check", "/dev/zero", naming=["/dev/zero", "no regular file"])

    def test_case_else(self):
        self.finds("on note\n  select ($EVENT_NOTE)\n    case 60\n    case else\n  end select\nend on\n", "a.ksp:4 syntax-error")

    def test_an_endless_sum(self):
        self.finds("on init\n  declare $a\n  $a := 1" + " + 1" * 100000 + "\nend on\n", "a.ksp:3 limit-reached")

    def test_a_line_of_a_million_letters(self):
        self.finds('on note\n  message("' + "x" * 1000000 + '")\nend on\n', status=0)
        self.finds("on note\n  if (" + "x" * 1000000 + "\n  end if\nend on\n", "a.ksp:2 syntax-error")

    def test_line_ends(self):
        for end in ("\r", "\r\n", "\r\r\n"):
            self.finds(BROKEN.replace("\n", end), "a.ksp:2 syntax-error")

    def test_nothing_in_it(self):
        for text in ("", "\n", " \t ", "\ufeff", "{ a comment }"):
            self.finds(text, status=0)

    def test_encodings(self):
        script = "on init\n  message(\"\u00e4\")\n  declare $\nend on\n"
        for encoding in ("utf-8", "utf-8-sig", "latin-1"):
            self.finds(script.encode(encoding), "a.ksp:3 syntax-error")
        self.finds(("\ufeff" + script).encode("utf-16-le"), "a.ksp:3 syntax-error")
        self.finds(b"on init\n  { \xff\xfe \xe4 }\nend on\n", status=0)

    def test_imports_in_a_circle(self):
        self.write("b.ksp", 'import "a.ksp"\n')
        self.finds('import "b.ksp"\non init\nend on\n', "b.ksp:1 import-cycle")
        self.finds('import "a.ksp"\non init\nend on\n', "a.ksp:1 import-cycle")

    def test_imports_from_outside(self):
        self.write("out.ksp", "function f\nend function\n")
        for path in ("../out.ksp", "/etc/passwd"):
            self.finds('import "%s"\non init\nend on\n' % path, "in/a.ksp:1 import-outside-root", name="in/a.ksp")

    def test_imports_may_reach_the_named_folder_the_repository_and_the_root(self):
        self.write("lib/out.ksp", "function f\nend function\n")
        self.write("in/a.ksp", 'import "../lib/out.ksp"\non init\nend on\n')
        self.assertEqual(self.run_it("check", "in/a.ksp")[0], 1)
        self.assertEqual(self.run_it("check", "in")[0], 1)
        self.assertEqual(self.run_it("check")[0], 0)
        self.assertEqual(self.run_it("check", "--root", ".", "in/a.ksp")[0], 0)
        self.assertEqual(self.run_it("run", "--root", ".", "in/a.ksp")[:2][0], 0)
        self.assertEqual(self.run_it("parse", "--expanded", "--quiet", "in/a.ksp")[0], 1)
        self.assertEqual(self.run_it("parse", "--expanded", "--quiet", "--root", ".", "in/a.ksp")[0], 0)
        self.fails("check", "--root", "none", "in/a.ksp", naming=["command line", "none"])
        (self.root / ".git").mkdir()
        self.assertEqual(self.run_it("check", "in/a.ksp")[0], 0)
        self.assertEqual(self.run_it("parse", "--expanded", "--quiet", "in/a.ksp")[0], 0)

    def test_imports_that_are_missing(self):
        self.finds('import "none.ksp"\non init\nend on\n', "a.ksp:1 import-not-found")

    def test_a_folder_named_like_a_script(self):
        (self.root / "a.ksp").mkdir()
        self.fails("check", "a.ksp", naming=["a.ksp", "no scripts"])

    def test_code_to_execute_is_told_once(self):
        self.finds("on init\n  read<<print(1)>>\n  run<<\nprint(2)\n>>\nend on\n", "a.ksp:2 executable-source", status=0)


class Configuration(Cli):
    def test_nearest_file_counts(self):
        self.write("fermata.toml", '[rules]\nsyntax-error = "off"\n')
        self.assertEqual(self.run_it("check", self.write("deep/down/a.ksp", BROKEN))[0], 0)
        self.write("deep/fermata.toml", '[rules]\nsyntax-error = "note"\n[check]\nfail-on = "note"\n')
        self.assertEqual(self.run_it("check", "deep/down/a.ksp")[0], 1)

    def test_the_command_line_counts_for_more(self):
        self.write("fermata.toml", '[rules]\nsyntax-error = "off"\n')
        self.write("other.toml", "")
        self.write("a.ksp", BROKEN)
        self.assertEqual(self.run_it("check", "a.ksp")[0], 0)
        self.assertEqual(self.run_it("check", "--select", "syntax-error", "a.ksp")[0], 1)
        self.assertEqual(self.run_it("check", "--config", "other.toml", "a.ksp")[0], 1)

    def test_unknown_key(self):
        self.write("fermata.toml", "[check]\n\nincldue = []\n")
        self.fails("check", self.write("a.ksp", GOOD), naming=["fermata.toml:3:", "check.incldue"])

    def test_exclude_spares_files_found_in_folders_only(self):
        self.write("fermata.toml", '[check]\nexclude = ["old"]\n')
        self.write("old/a.ksp", BROKEN)
        self.write("b.ksp", GOOD)
        self.assertEqual(self.run_it("check")[0], 0)
        self.assertEqual(self.run_it("check", "old/a.ksp")[0], 1)


class Reports(Cli):
    def test_json_keys(self):
        out = json.loads(self.run_it("check", "--format", "json", self.write("a.ksp", BROKEN))[1])
        self.assertEqual(list(out), ["version", "tool", "assumptions", "summary", "sites", "findings"])
        self.assertEqual(out["findings"][0]["rule"], "syntax-error")
        self.assertEqual(out["summary"]["errors"], len([f for f in out["findings"] if f["level"] == "error"]))

    def test_same_bytes_for_any_order_and_jobs(self):
        names = [self.write("%s.ksp" % c, BROKEN if c in "bd" else GOOD) for c in "abcdef"]
        first = self.run_it("check", "--format", "json", "--jobs", "1", *names)[1]
        self.assertEqual(first, self.run_it("check", "--format", "json", "--jobs", "4", *reversed(names))[1])
        self.assertEqual(first, self.run_it("check", "--format", "json", *names, *names)[1])

    def test_output_file_and_quiet(self):
        self.write("a.ksp", BROKEN)
        status, out, _ = self.run_it("check", "--output", "report.txt", "--quiet", "a.ksp")
        self.assertEqual((status, out), (1, ""))
        lines = (self.root / "report.txt").read_text().splitlines()
        self.assertTrue(lines and all(line.startswith("a.ksp:") for line in lines), lines)

    def test_suppression(self):
        text = "on note\n  // fermata: allow(syntax-error) written for another compiler\n  if ($EVENT_NOTE > 60\n  end if\nend on\n"
        status, out, _ = self.run_it("check", "--quiet", self.write("a.ksp", text))
        self.assertEqual((status, out), (0, ""))
        status, out, _ = self.run_it("check", "--quiet", self.write("a.ksp", text.replace(" written for another compiler", "")))
        self.assertEqual(status, 1)
        self.assertIn("[unused-suppression]", out)

    def test_no_colour_and_no_control_characters(self):
        out = self.run_it("check", self.write("a.ksp", "on note\n  if (\x1b[31m\n end if\nend on\n"))[1]
        self.assertNotIn("\x1b", out)

    def test_select_and_ignore(self):
        self.write("a.ksp", BROKEN)
        self.assertEqual(self.run_it("check", "--ignore", "syntax-error", "a.ksp")[0], 0)
        self.assertEqual(self.run_it("check", "--select", "voice-parked,two-owners", "a.ksp")[0], 0)

    def test_standard_input(self):
        status, out, _ = self.run_it("check", "--quiet", "--stdin-filename", "x/y.ksp", "-", text=BROKEN)
        self.assertEqual(status, 1)
        self.assertTrue(out.startswith("x/y.ksp:2:"), out)
        self.assertEqual(self.run_it("check", "-", text=GOOD)[0], 0)

    def test_stats_go_to_standard_error(self):
        status, _, err = self.run_it("check", "--stats", self.write("a.ksp", GOOD))
        self.assertEqual(status, 0)
        self.assertIn("sites 1, proved 1, hung 0, unknown 0, replayed 0\n", err)
        self.assertIn("files 1, bytes %d" % len(GOOD), err)
        for figure in ("disjuncts", "runs", "front end", "analysis", "replay"):
            self.assertIn(figure, err)
        self.assertIn("hung 1, unknown 0, replayed 1\n", self.run_it("check", "--stats", self.write("b.ksp", HANGS))[2])


class OtherCommands(Cli):
    def test_explain(self):
        status, out, _ = self.run_it("explain", "voice-parked")
        self.assertEqual(status, 0)
        self.assertIn("## How to fix", out)
        self.assertIn("```ksp", out)
        self.assertIn("voice-parked", self.run_it("explain")[1])
        self.fails("explain", "voice-parkd", naming=["voice-parked"])

    def test_parse(self):
        self.write("a.ksp", GOOD)
        self.assertEqual(self.run_it("parse", "a.ksp")[0], 0)
        self.assertIn("play_note", self.run_it("parse", "--expanded", "a.ksp")[1])
        self.assertEqual(self.run_it("parse", "--quiet", "a.ksp")[:2], (0, ""))
        self.assertEqual(self.run_it("parse", "--quiet", self.write("b.ksp", BROKEN))[0], 1)
        self.fails("parse", "none.ksp", naming=["none.ksp"])

    def test_run(self):
        hangs = self.write("a.ksp", HANGS)
        self.write("s.json", '{"events": [{"at": 0, "note_on": {"note": 60, "velocity": 100, "channel": 0}}]}')
        status, out, err = self.run_it("run", hangs, "--scenario", "s.json", "--format", "json")
        self.assertEqual((status, err), (1, ""))
        answer = json.loads(out)
        self.assertEqual((len(answer["hung"]), answer["hung"][0]["line"]), (1, 2))
        self.assertEqual(self.run_it("run", self.write("b.ksp", GOOD), "--scenario", "s.json")[0], 0)

    def test_run_fails(self):
        self.write("a.ksp", GOOD)
        self.fails("run", "none.ksp", naming=["none.ksp"])
        self.fails("run", "a.ksp", "--scenario", "none.json", naming=["none.json"])
        self.fails("run", "a.ksp", "--scenario", self.write("bad.json", '{"events": 3}'), naming=["bad.json"])
        self.fails("run", "a.ksp", "--nonsense", "x.svg", naming=["command line"])

    def test_replay_wants_a_report(self):
        self.fails("replay", self.write("x.json", "{}"), naming=["x.json"])
        self.fails("replay", "none.json", naming=["none.json"])


unittest.main()
