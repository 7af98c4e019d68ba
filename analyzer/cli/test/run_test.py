#!/usr/bin/env python3
"""What `fermata run` promises: pictures, sound, clear errors, and the same bytes for the same input.

    run_test.py PROGRAM
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import wave
import xml.etree.ElementTree as ElementTree

FERMATA = str(pathlib.Path(sys.argv.pop()).resolve())
ROOT = pathlib.Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
LAYER = "on note\n  wait(1000)\n  play_note($EVENT_NOTE, 90, 0, 0)\nend on\n"
KEY = [{"at": 0, "note_on": {"note": 60}}, {"at": 200000, "note_off": {"note": 60}}]


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        (self.root / name).write_text(text)
        return name

    def scenario(self, events, name="keys.json"):
        return self.write(name, json.dumps({"events": events}))

    def run_it(self, *args, environment=None, prefix=()):
        done = subprocess.run([*prefix, FERMATA, "run", *args], cwd=self.root, capture_output=True, timeout=120,
                              env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr.decode()

    def fails(self, *args, naming):
        status, out, err = self.run_it(*args)
        self.assertEqual((status, out, err.count("\n")), (2, b"", 1), err)
        for word in naming:
            self.assertIn(word, err)


class Pictures(Run):
    def draw(self, script, events):
        self.write("a.ksp", script)
        self.run_it("a.ksp", "--scenario", self.scenario(events), "--timeline", "a.svg")
        return ElementTree.parse(self.root / "a.svg").getroot()

    def texts(self, picture, tag):
        return [element.text or "" for element in picture.iter(SVG + tag)]

    def test_what_hangs_is_marked_and_says_its_line(self):
        picture = self.draw(LAYER, KEY)
        self.assertIn("1 hung", self.texts(picture, "text"))
        self.assertTrue(any("a.ksp:3:3" in title for title in self.texts(picture, "title")))
        self.assertTrue(any("it hangs" in title for title in self.texts(picture, "title")))
        # over the right edge of everything that does not hang
        width = float(picture.get("width"))
        ends = [float(r.get("x", 0)) + float(r.get("width")) for r in picture.iter(SVG + "rect") if r.get("x")]
        self.assertGreaterEqual(max(ends), width - 0.5)

    def test_keys_pedals_and_waits(self):
        events = KEY[:1] + [{"at": 1000, "cc": {"number": 64, "value": 127}}] + KEY[1:]
        picture = self.draw(LAYER.replace(", 0)", ", -1)"), events)
        texts = self.texts(picture, "text")
        for word in ("key 60", "sustain (64)", "nothing hangs"):
            self.assertIn(word, texts)
        self.assertTrue(any("waits 1000" in title for title in self.texts(picture, "title")))

    def test_text_is_escaped(self):
        name = "a<b>&\"c'.ksp"
        self.write(name, LAYER)
        self.run_it(name, "--scenario", self.scenario(KEY), "--timeline", "b.svg")
        raw = (self.root / "b.svg").read_text()
        self.assertNotIn("a<b>", raw)
        titles = self.texts(ElementTree.fromstring(raw), "title")
        self.assertTrue(any(name + ":3:3" in title for title in titles))

    def test_a_name_that_is_no_unicode(self):
        name = b"a\xff\x1b.ksp"
        (self.root / os.fsdecode(name)).write_text(LAYER)
        self.run_it(os.fsdecode(name), "--scenario", self.scenario(KEY), "--timeline", "b.svg")
        ElementTree.parse(self.root / "b.svg")

    def test_three_hundred_voices_share_rows(self):
        events = []
        for i in range(300):
            events.append({"at": i * 50000, "note_on": {"note": 30 + i % 60}})
            events.append({"at": i * 50000 + 40000, "note_off": {"note": 30 + i % 60}})
        picture = self.draw("on note\n  exit\nend on\n", events)
        self.assertLess(float(picture.get("height")), 700)
        bars = [title for title in self.texts(picture, "title") if "\nevent " in title]
        self.assertEqual(len(bars), 300)

    def test_where_it_cannot_be_written(self):
        self.fails(self.write("a.ksp", LAYER), "--timeline", "none/a.svg", naming=["none/a.svg"])


class Sound(Run):
    def loudness(self, script):
        self.write("a.ksp", script)
        status, _, err = self.run_it("a.ksp", "--scenario", self.scenario(KEY), "--render", "a.wav")
        self.assertNotEqual(status, 2, err)
        with wave.open(str(self.root / "a.wav")) as sound:
            self.assertEqual((sound.getnchannels(), sound.getsampwidth()), (1, 2))
            frames = sound.readframes(sound.getnframes())
        samples = [int.from_bytes(frames[i:i + 2], "little", signed=True) for i in range(0, len(frames), 2)]
        tail = samples[-2000:]
        return max(map(abs, samples)), max(map(abs, tail))

    def test_what_hangs_sustains(self):
        loud, tail = self.loudness(LAYER)
        self.assertGreater(loud, 500)
        self.assertGreater(tail, 100)

    def test_what_ends_falls_silent(self):
        loud, tail = self.loudness(LAYER.replace(", 0)", ", -1)"))
        self.assertGreater(loud, 500)
        self.assertEqual(tail, 0)

    def test_where_it_cannot_be_written(self):
        self.fails(self.write("a.ksp", LAYER), "--render", "none/a.wav", naming=["none/a.wav"])


class Errors(Run):
    def test_scenarios_that_make_no_sense(self):
        self.write("a.ksp", LAYER)
        control = {"at": 0, "ui_control": {"name": "$nothing", "value": 1}}
        cases = [([control], ["$nothing"]), (KEY[::-1], ["event 1", "time"]), ([{"at": 0, "knob": {}}], ["knob"]),
                 ([{"at": 0, "assign": {"name": "$x", "value": 1}}], ["$x"]),
                 ([{"at": -5, "note_on": {"note": 60}}], ["at"]), ([{"at": 0, "note_on": {"note": 200}}], ["note"]),
                 (KEY[:1] * 2, ["60"])]
        for events, naming in cases:
            self.fails("a.ksp", "--scenario", self.scenario(events), naming=naming)

    def test_a_bound_is_named(self):
        self.write("a.ksp", "on note\n  while (1 = 1)\n    wait(1)\n  end while\nend on\n")
        status, out, err = self.run_it("a.ksp", "--scenario", self.scenario(KEY), "--format", "json")
        self.assertEqual((status, err), (1, ""))
        self.assertEqual(json.loads(out)["bound"], "steps")


class Determinism(Run):
    """The same bytes again, from another allocator's memory, on one core, and beside other threads."""

    def test_bytes(self):
        allocators = [{"MALLOC_PERTURB_": "165"}, {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1"},
                      {"MALLOC_MMAP_THRESHOLD_": "64", "MALLOC_TOP_PAD_": "1"}]
        one_core = ["taskset", "-c", "0"] if shutil.which("taskset") else []
        played = 0
        for scenario in sorted((ROOT / "rules").glob("*/bad.scenario.json")):
            script = str(scenario.with_name("bad.ksp"))

            def answer(environment=None, prefix=()):
                outputs = self.run_it(script, "--scenario", str(scenario), "--format", "json", "--timeline", "a.svg",
                                      environment=environment, prefix=prefix)
                return outputs, (self.root / "a.svg").read_bytes()

            first = answer()
            self.assertNotEqual(first[0][0], 2, first[0][2])
            environment = allocators[played % len(allocators)]
            self.assertEqual(first, answer(environment), scenario)
            self.assertEqual(first, answer(environment, one_core), scenario)
            played += 1
        self.assertGreater(played, 10)


if __name__ == "__main__":
    unittest.main()
