"""Counts test cases of one `bazel test` run.

Usage: count_tests.py EVENTS STATUS

EVENTS is what --build_event_json_file wrote, STATUS what Bazel exited with.
Prints `N passed, N failed`
(and `, N skipped`); exits with 1 if anything failed.

A target that failed without a failed case (it crashed, timed out, or was
never built) counts as one failure, and so does a Bazel that failed otherwise.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree


def count_cases(path):
    """Returns (passed, failed, skipped) of one test.xml."""
    passed = failed = skipped = 0
    try:
        cases = xml.etree.ElementTree.parse(path).iter("testcase")
    except (OSError, xml.etree.ElementTree.ParseError):
        return 0, 0, 0
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif (case.find("skipped") is not None
              or case.get("status") == "notrun"
              or case.get("result") in ("skipped", "suppressed")):
            # GoogleTest lists what --gtest_filter left out, too.
            if case.get("result") != "suppressed":
                skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def read_events(path):
    """Returns ({(label, run, shard): result}, set of test labels)."""
    results, labels = {}, set()
    with open(path, encoding="utf-8") as events:
        for line in events:
            event = json.loads(line)
            event_id = event["id"]
            if "testResult" in event:
                key = event_id["testResult"]
                # A later attempt of the same test replaces the earlier.
                results[key["label"], key["run"],
                        key["shard"]] = event["testResult"]
            elif "targetConfigured" in event_id:
                kind = event.get("configured", {}).get("targetKind", "")
                if kind.endswith("_test rule"):
                    labels.add(event_id["targetConfigured"]["label"])
    return results, labels


def main():
    bazel_failed = sys.argv[2] != "0"
    try:
        results, labels = read_events(sys.argv[1])
    except OSError:
        results, labels = {}, set()
    passed = failed = skipped = 0
    for result in results.values():
        counts = (0, 0, 0)
        for output in result.get("testActionOutput", []):
            if output["name"] == "test.xml":
                path = urllib.parse.urlparse(output["uri"]).path
                counts = count_cases(urllib.parse.unquote(path))
        passed += counts[0]
        failed += counts[1]
        skipped += counts[2]
        if result["status"] != "PASSED" and counts[1] == 0:
            failed += 1
    if bazel_failed:
        failed += len(labels - {label for label, _, _ in results})
        failed = max(failed, 1)
    line = f"{passed} passed, {failed} failed"
    print(line + f", {skipped} skipped" if skipped else line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
