// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Processes of root whose whole life is known, one each 50 ms: `tasks marks`. A watcher that was told of
/// them is compared with what it should have been told.
final class Marks implements AutoCloseable {
    private static final List<String> LIFE =
            List.of("CLONE", "EXEC", "EXIT 1792", "FREE"); // 7 << 8

    private final Process process;
    private final Thread reader;

    /// In the order of their births; a pid may come again. Guarded by this.
    private final List<String> pids = new ArrayList<>();

    /// Begins.
    ///
    /// @param program `tasks`
    Marks(Path program) throws IOException {
        process =
                new ProcessBuilder(program + "", "marks", "50")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        reader = Thread.ofPlatform().name("marks").start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String pid = lines.readLine(); pid != null; pid = lines.readLine()) {
                synchronized (this) {
                    pids.add(pid);
                }
            }
        } catch (IOException e) {
            throw new AssertionError("reading the pids of the marks", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /// {@return how it has ended, after the last mark}
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        int status = process.waitFor();
        reader.join();
        return status;
    }

    /// What a watcher was told of the marks.
    ///
    /// @param marks how many there were, from the one after the first that it was told of
    /// @param missing how many events it was not told of
    /// @param incomplete what it was told of the marks that these are of
    /// @param wrong what it should not have been told, or not then
    /// @param lost how many events of any task it was told to have lost
    record Comparison(
            int marks, int missing, List<String> incomplete, List<String> wrong, long lost) {}

    /// Compares, after the [#end].
    ///
    /// @param seen the lines of [org.taskwatch.itests.probe.MarkWatcher]
    synchronized Comparison compare(List<String> seen) {
        Map<String, List<String>> told = new HashMap<>();
        long lost = 0;
        for (String line : seen) {
            String[] words = line.split(" ", 3); // the revision, then PID EVENT or LOST COUNT
            if (words[1].equals("LOST")) {
                lost += Long.parseLong(words[2]);
            } else {
                told.computeIfAbsent(words[1], _ -> new ArrayList<>()).add(words[2]);
            }
        }
        int first = forgetThoseBefore(told);
        Map<String, List<String>> expected = new HashMap<>();
        for (String pid : pids.subList(first, pids.size())) {
            expected.computeIfAbsent(pid, _ -> new ArrayList<>()).addAll(LIFE);
        }
        return compare(expected, told, pids.size() - first, lost);
    }

    /// Forgets the marks that there were before the watcher, and the one that it was not told of whole.
    ///
    /// @return the number of the next mark
    private int forgetThoseBefore(Map<String, List<String>> told) {
        int next = 0;
        List<String> events = new ArrayList<>();
        while (!events.contains("FREE") && next < pids.size()) {
            events = told.getOrDefault(pids.get(next++), events);
        }
        events.subList(0, events.indexOf("FREE") + 1).clear(); // the pid may come again
        told.values().removeIf(List::isEmpty);
        return next;
    }

    private static Comparison compare(
            Map<String, List<String>> expected,
            Map<String, List<String>> told,
            int marks,
            long lost) {
        int missing = 0;
        List<String> incomplete = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, List<String>> mark : expected.entrySet()) {
            List<String> events = told.getOrDefault(mark.getKey(), List.of());
            int right = right(events, mark.getValue());
            if (right < mark.getValue().size()) {
                missing += mark.getValue().size() - right;
                incomplete.add(mark.getKey() + " " + events);
            }
            if (right < events.size()) {
                wrong.add(mark.getKey() + " " + events);
            }
        }
        told.keySet().removeAll(expected.keySet());
        told.forEach((pid, events) -> wrong.add(pid + " is no mark: " + events));
        return new Comparison(marks, missing, incomplete, wrong, lost);
    }

    /// {@return how many of the events are expected, in their order}
    private static int right(List<String> events, List<String> expected) {
        Iterator<String> next = expected.iterator();
        int right = 0;
        for (String event : events) {
            boolean found = false;
            while (!found && next.hasNext()) {
                found = next.next().equals(event);
            }
            right += found ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
