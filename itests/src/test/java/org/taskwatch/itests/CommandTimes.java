// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.ControlSocket.Answer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Asks an instance one command after the other, again and again, and reads a control file in between,
/// on a thread of its own.
final class CommandTimes implements AutoCloseable {
    /// All that answer at once: not those that go on until they are left, nor those that change something.
    private static final List<String> COMMANDS =
            List.of(
                    "task:status",
                    "task:sources",
                    "task:modules",
                    "task:watchers",
                    "task:rates",
                    "task:rates --json",
                    "task:gates",
                    "task:locals",
                    "task:locals 1",
                    "task:why " + Instance.module("marks.jar"),
                    "task:ps",
                    "task:ps --threads",
                    "task:ps ^marks$",
                    "task:tree",
                    "task:tree 1",
                    "task:tree --ancestry 1",
                    "task:events --count 5",
                    "task:events --json --ancestry --count 5",
                    "kmonitor:list",
                    "relayfork:list",
                    "relayfork:signal",
                    "felix:lb",
                    "scr:list",
                    "help");

    private final ControlSocket socket;
    private final Path file;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    // Guarded by this.
    private int rounds;
    private final Map<String, List<Long>> times = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    /// Begins to ask.
    ///
    /// @param base the base of the instance
    CommandTimes(Path base) {
        socket = new ControlSocket(base.resolve("run/control"));
        file = base.resolve("fs/rates");
        thread.execute(this::askAll);
    }

    private void askAll() {
        while (!Thread.currentThread().isInterrupted()) {
            for (String command : COMMANDS) {
                time(command, () -> ask(command));
            }
            time("read of fs/rates", () -> Files.readString(file));
            endRound();
        }
    }

    private synchronized void endRound() {
        rounds += Thread.currentThread().isInterrupted() ? 0 : 1;
    }

    private interface Question {
        Object ask() throws IOException;
    }

    // One that is interrupted, at the end, has taken at least that long.
    private void time(String what, Question question) {
        long start = System.nanoTime();
        try {
            question.ask();
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                failed(what + ": " + e);
            }
        } finally {
            took(what, (System.nanoTime() - start) / 1_000_000);
        }
    }

    private Answer ask(String command) throws IOException {
        Answer answer = socket.ask(command);
        if (answer.status() != 0) {
            throw new IOException(answer.status() + ": " + answer.text());
        }
        return answer;
    }

    private synchronized void took(String what, long millis) {
        times.computeIfAbsent(what, _ -> new ArrayList<>()).add(millis);
    }

    private synchronized void failed(String what) {
        failures.add(what);
    }

    /// {@return how often all of them were answered}
    synchronized int rounds() {
        return rounds;
    }

    /// {@return the longest that each took, in milliseconds}
    Map<String, Long> slowest() {
        return within(1);
    }

    /// {@return within how many milliseconds each was answered in such a share of the times}
    ///
    /// @param share 1 for all
    synchronized Map<String, Long> within(double share) {
        Map<String, Long> all = new TreeMap<>();
        times.forEach((what, each) -> {
            List<Long> sorted = each.stream().sorted().toList();
            all.put(what, sorted.get((int) Math.ceil(share * sorted.size()) - 1));
        });
        return all;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
