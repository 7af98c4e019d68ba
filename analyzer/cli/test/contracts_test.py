#!/usr/bin/env python3
"""What [contracts] of fermata.toml says of calls, from the file to the verdict.

    contracts_test.py PROGRAM
"""
import json
import unittest

from cli_support import GOOD, Cli

SHELF = """on init
  declare polyphonic $id
end on
on note
  $id := %s
end on
on release
  %s
end on
"""


class Contracts(Cli):
    """Calls that nobody defines, described in fermata.toml: the analysis and the runtime take them at their word."""

    def verdict(self, contracts, made, ended):
        self.write("fermata.toml", contracts)
        status, out, err = self.run_it("check", "--format", "json", self.write("a.ksp", SHELF % (made, ended)))
        self.assertEqual(err, "")
        report = json.loads(out)
        rules = sorted(f["rule"] for f in report["findings"])
        return [s["verdict"] for s in report["sites"]], rules, report

    def test_a_call_that_ends_what_it_is_given(self):
        made = "play_note($EVENT_NOTE, 90, 0, 0)"
        self.assertEqual(self.verdict("", made, "studio_stop($id)")[:2], (["unknown"], ["unknown-call"]))
        for effect in ("releases 1", "releases event 1", "adopts 1"):
            said = '[contracts]\nstudio_stop = "%s"\n' % effect
            self.assertEqual(self.verdict(said, made, "studio_stop($id)")[:2], (["proved"], []))
        said = '[contracts]\n"Studio_*" = { arguments = 2, effect = "releases 2" }\n'
        self.assertEqual(self.verdict(said, made, "studio_stop(100, $id)")[:2], (["proved"], []))

    def test_a_call_that_does_not_end_it(self):
        made = "play_note($EVENT_NOTE, 90, 0, 0)"
        for effect in ("nothing", "keeps 1", "fades out event 1"):
            said = '[contracts]\nstudio_stop = "%s"\n' % effect
            verdicts, rules, report = self.verdict(said, made, "studio_stop($id)")
            self.assertEqual(verdicts, ["hung"])
            self.assertTrue(report["findings"][0]["replayed"])

    def test_a_call_that_makes_an_event(self):
        said = '[contracts]\nstudio_play = "creates event note 1 for 2"\n'
        self.assertEqual(self.verdict(said, "studio_play(60, 0)", "note_off($id)")[:2], (["proved"], []))
        verdicts, rules, report = self.verdict(said, "studio_play(60, 0)", "message(\"\")")
        self.assertEqual((verdicts, rules), (["hung"], ["event-never-ended"]))
        self.assertEqual((report["sites"][0]["line"], report["findings"][0]["replayed"]), (5, True))
        self.assertEqual(self.verdict(said, "studio_play(60, 500)", "message(\"\")")[:2], (["proved"], []))

    def test_a_call_that_does_several_things(self):
        said = '[contracts]\nstudio_again = ["releases 1", "creates event"]\n'
        made = "play_note(60, 90, 0, 0)\n  $id := studio_again($id)"
        self.assertEqual(self.verdict(said, made, "note_off($id)")[0], ["proved", "proved"])
        self.assertEqual(self.verdict(said, made, "message(\"\")")[0], ["proved", "hung"])

    def test_a_call_that_waits(self):
        said = '[contracts]\nstudio_breath = "waits for 1"\n'
        made = "0\n  studio_breath(20000)\n  $id := play_note(60, 90, 0, 0)"
        self.assertEqual(self.verdict(said, made, "note_off($id)")[:2], (["hung"], ["release-overtakes-attack"]))
        said = '[contracts]\nstudio_breath = "nothing"\n'
        self.assertEqual(self.verdict(said, made, "note_off($id)")[:2], (["proved"], []))

    def test_a_call_that_does_not_fit_stays_unknown(self):
        made = "play_note($EVENT_NOTE, 90, 0, 0)"
        for effect in ("releases 2", "detaches 1"):
            said = '[contracts]\nstudio_stop = "%s"\n' % effect
            self.assertEqual(self.verdict(said, made, "studio_stop($id)")[0], ["unknown"])

    def test_what_the_script_defines_counts(self):
        said = '[contracts]\nstudio_stop = "nothing"\n'
        script = "function studio_stop(id)\n  note_off(id)\nend function\n"
        self.write("fermata.toml", said)
        text = script + SHELF % ("play_note($EVENT_NOTE, 90, 0, 0)", "studio_stop($id)")
        self.assertEqual(self.run_it("check", self.write("a.ksp", text))[0], 0)

    def test_files_of_contracts(self):
        made, ended = "play_note($EVENT_NOTE, 90, 0, 0)", "studio_stop($id)"
        said = '[contracts]\nfiles = ["lib/studio.toml"]\n'
        self.write("lib/studio.toml", 'format = 1\n[calls]\nstudio_stop = "releases 1"\n')
        self.assertEqual(self.verdict(said, made, ended)[:2], (["proved"], []))
        status, out, _ = self.run_it("run", "a.ksp")
        self.assertEqual(status, 0, out)

    def test_what_is_wrong_is_named_with_file_line_and_remedy(self):
        self.write("a.ksp", GOOD)
        self.write("lib/studio.toml", 'format = 1\n[calls]\nstudio_stop = "eats 1"\n')
        self.write("twice.toml", 'format = 1\n[calls]\nf = "waits"\n')
        for lines, words in (
                ('"f" = "eats 1"', ["fermata.toml:2:", "contracts.f", "eats 1", "releases N"]),
                ('studio.stop = "releases 1"', ["fermata.toml:2:", "in quotes"]),
                ('note_off = "nothing"', ["fermata.toml:2:", "note_off", "known already", "take the line out"]),
                ('files = ["lib/studio.toml"]', ["fermata.toml:2:", "lib/studio.toml:3:", "eats 1"]),
                ('files = ["none.toml"]', ["fermata.toml:2:", "none.toml", "no such file"]),
                ('files = ["../x.toml"]', ["fermata.toml:2:", "../x.toml", "outside"]),
                ('files = ["/etc/passwd"]', ["fermata.toml:2:", "outside"]),
                ('f = "waits"\nfiles = ["twice.toml"]', ["fermata.toml:3:", "twice.toml:3:", "'f' stands in fermata.toml:2"])):
            self.write("fermata.toml", "[contracts]\n" + lines + "\n")
            self.fails("check", "a.ksp", naming=words)


unittest.main()
