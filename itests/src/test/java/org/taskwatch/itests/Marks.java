// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

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
    /// @param untold those of them for which it was not told either, at their place, that some were lost
    /// @param wrong what it should not have been told, or not then
    /// @param lost how many events of any task it was told to have lost
    record Comparison(int marks, int missing, List<String> untold, List<String> wrong, long lost) {}

    /// What a watcher was told.
    ///
    /// @param at the number of its line
    private record Told(int at, String event) {}

    /// Compares, after the [#end].
    ///
    /// @param seen the lines of [org.taskwatch.itests.probe.MarkWatcher]
    synchronized Comparison compare(List<String> seen) {
        Map<String, Deque<Told>> told = new HashMap<>();
        NavigableMap<Integer, Long> losses = new TreeMap<>();
        for (int at = 0; at < seen.size(); at++) {
            String[] words =
                    seen.get(at).split(" ", 3); // the revision, then PID EVENT or LOST COUNT
            if (words[1].equals("LOST")) {
                losses.put(at, Long.valueOf(words[2]));
            } else {
                told.computeIfAbsent(words[1], _ -> new ArrayDeque<>()).add(new Told(at, words[2]));
            }
        }
        int first = forgetThoseBefore(told);
        Gaps gaps = new Gaps(losses);
        for (int mark = first; mark < pids.size(); mark++) {
            compare(mark, told, gaps);
        }
        gaps.end();
        List<String> wrong = new ArrayList<>();
        told.forEach((pid, rest) -> rest.forEach(event -> wrong.add(pid + " " + event)));
        return new Comparison(
                pids.size() - first,
                gaps.missing,
                gaps.untold,
                wrong,
                losses.values().stream().mapToLong(Long::longValue).sum());
    }

    /// Forgets the marks that there were before the watcher, and the one that it was told of first, which it
    /// may not have been told of whole. The first event shows which: a pid may come again later.
    ///
    /// @return the number of the next mark
    private int forgetThoseBefore(Map<String, Deque<Told>> told) {
        String pid =
                Collections.min(
                                told.entrySet(),
                                Comparator.comparingInt(mark -> mark.getValue().element().at))
                        .getKey();
        Deque<Told> events = told.get(pid);
        boolean isFreed = false;
        while (!isFreed && !events.isEmpty()) {
            isFreed = events.remove().event.equals("FREE");
        }
        int next = pids.indexOf(pid) + 1;
        for (String before : pids.subList(0, next)) {
            forgetEnd(told.getOrDefault(before, new ArrayDeque<>()));
        }
        return next;
    }

    /// The end of a mark may be told after the beginning of later ones: also of one from before the watcher.
    private static void forgetEnd(Deque<Told> events) {
        while (!events.isEmpty() && !events.element().event.equals("CLONE")) {
            events.remove();
        }
    }

    private void compare(int mark, Map<String, Deque<Told>> told, Gaps gaps) {
        String pid = pids.get(mark);
        Deque<Told> events = told.getOrDefault(pid, new ArrayDeque<>());
        int end = mark + 1 < pids.size() ? next(told, pids.get(mark + 1)) : Integer.MAX_VALUE;
        for (String expected : LIFE) {
            Told next = events.peek();
            boolean isEnd = LIFE.indexOf(expected) > LIFE.indexOf("EXEC");
            // A beginning after that of the next mark is of a later one that has got the pid.
            boolean isTold =
                    next != null && next.event.equals(expected) && (isEnd || next.at < end);
            if (isTold) {
                events.remove();
            }
            gaps.add(
                    pid + " " + expected,
                    isEnd,
                    isTold,
                    next == null ? Integer.MAX_VALUE : next.at);
        }
    }

    private static int next(Map<String, Deque<Told>> told, String pid) {
        Deque<Told> events = told.getOrDefault(pid, new ArrayDeque<>());
        return events.isEmpty() ? Integer.MAX_VALUE : events.element().at;
    }

    /// Looks for a loss at the place of each event that is missing: behind the event before it, and before
    /// the one after it. One mark is reaped before the next begins, so the order of all CLONE and EXEC is
    /// known. But the kernel reports an EXIT after the process can be reaped (`do_exit`), so an end may be
    /// told after the next beginning.
    private static final class Gaps {
        private final NavigableMap<Integer, Long> losses;
        private final List<String> untold = new ArrayList<>();
        private final List<String> open = new ArrayList<>();
        private int missing;
        private int last = -1;

        Gaps(NavigableMap<Integer, Long> losses) {
            this.losses = losses;
        }

        /// Takes the next event of a mark.
        ///
        /// @param at where it was told, or else what was told next of its pid
        void add(String event, boolean isEnd, boolean isTold, int at) {
            missing += isTold ? 0 : 1;
            if (isTold && !isEnd) {
                close(at);
            } else if (!isTold && isEnd && !isLossUntil(at)) {
                untold.add(event);
            } else if (!isTold && !isEnd) {
                open.add(event);
            }
        }

        private boolean isLossUntil(int at) {
            return !losses.subMap(last, Math.max(last, at)).isEmpty();
        }

        private void close(int at) {
            if (!isLossUntil(at)) {
                untold.addAll(open);
            }
            open.clear();
            last = at;
        }

        void end() {
            close(Integer.MAX_VALUE);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
