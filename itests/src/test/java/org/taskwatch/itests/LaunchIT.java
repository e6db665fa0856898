// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What clients are told while an instance starts and stops, and that no bad entry of its folders keeps
/// it from starting or from deploying the others.
public class LaunchIT {
    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    /// Asks for the status again and again while it runs, and notes the answers in short.
    private final class Asker implements AutoCloseable {
        private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean isClosed;

        Asker() {
            threads.add(Thread.ofPlatform().start(() -> repeat(this::askSocket)));
            threads.add(Thread.ofPlatform().start(() -> repeat(this::askCommand)));
        }

        private void repeat(Runnable ask) {
            while (!isClosed) {
                ask.run();
            }
        }

        private void askCommand() {
            try {
                Result result = taskwatch.call("status");
                answers.add(inShort(result.status(), result.err()));
            } catch (Exception e) {
                answers.add(e.toString());
            }
        }

        /// A client of the socket may find none, or one that is just being closed: then it looks for
        /// the reason itself. What it is answered has to be right.
        private void askSocket() {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                TimeUnit.MILLISECONDS.sleep(2);
                channel.connect(
                        UnixDomainSocketAddress.of(taskwatch.base().resolve("run/control")));
                byte[] line = "task:status".getBytes(StandardCharsets.US_ASCII);
                channel.write(
                        ByteBuffer.allocate(5 + line.length)
                                .put((byte) 'E')
                                .putInt(line.length)
                                .put(line)
                                .flip());
                answers.add(answer(new DataInputStream(Channels.newInputStream(channel))));
            } catch (IOException e) {
                return;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static String answer(DataInputStream in) throws IOException {
            StringBuilder error = new StringBuilder();
            while (true) {
                byte type = in.readByte();
                byte[] payload = in.readNBytes(in.readInt());
                if (type == 'X') {
                    return inShort(ByteBuffer.wrap(payload).getInt(), error.toString());
                }
                error.append(type == 'R' ? new String(payload, StandardCharsets.UTF_8) : "");
            }
        }

        private static String inShort(int status, String error) {
            for (String words : List.of("is starting", "is stopping", "no instance runs")) {
                if (status == 3 && error.contains(words)) {
                    return words;
                }
            }
            return status == 0 ? "fine" : status + " " + error;
        }

        void awaitAnswer(String answer) {
            await().atMost(Instance.DEADLINE).until(() -> answers.contains(answer));
        }

        /// {@return all answers}
        List<String> end() {
            close();
            return answers;
        }

        @Override
        public void close() {
            isClosed = true;
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    public void shouldTellEarlyClientsThatItIsStartingAndLateOnesThatItIsStopping()
            throws Exception {
        try (Asker asker = new Asker()) {
            Running run = taskwatch.run();
            asker.awaitAnswer("fine");
            assertThat(List.copyOf(asker.answers)).contains("is starting");

            run.process().destroy();
            run.process().waitFor();

            assertThat(asker.end())
                    .isSubsetOf("no instance runs", "is starting", "fine", "is stopping");
        }
        assertThat(taskwatch.call("status"))
                .extracting(Result::status, result -> result.err().contains("no instance runs"))
                .containsExactly(3, true);
    }

    @Test
    public void shouldTellARunningCommandThatTheInstanceStops() throws Exception {
        Running run = taskwatch.run();
        Running events = taskwatch.start("events");
        Running waits = taskwatch.start("wait", Long.toString(ProcessHandle.current().pid()));
        await().atMost(Instance.DEADLINE).until(() -> events.out().contains("COMMAND"));
        await().atMost(Instance.DEADLINE)
                .until(() ->
                        taskwatch
                                        .call("shell", "task:watchers")
                                        .out()
                                        .lines()
                                        .filter(line -> line.contains(" org.taskwatch.shell "))
                                        .count()
                                == 2);

        run.process().destroy();

        for (Running client : List.of(events, waits)) {
            Result result = client.result();
            assertThat(result.err())
                    .matches(
                            "taskwatch: the instance on .*, pid \\d+, is stopping: it does not"
                                    + " answer commands any more\n");
            assertThat(result.status()).isEqualTo(3);
        }
    }

    @Test
    public void shouldDeployAndConfigureInSpiteOfBadEntries() throws Exception {
        for (String[] place : new String[][] {{"deploy", ".jar"}, {"etc", ".cfg"}}) {
            Path in = Files.createDirectories(taskwatch.base().resolve(place[0]));
            Files.createSymbolicLink(in.resolve("loop" + place[1]), Path.of("loop" + place[1]));
            Files.createSymbolicLink(in.resolve("dangling" + place[1]), Path.of("nowhere"));
            Files.createDirectory(in.resolve("folder" + place[1]));
            assertThat(
                            new ProcessBuilder("mkfifo", in.resolve("fifo" + place[1]).toString())
                                    .start()
                                    .waitFor())
                    .isZero();
            Files.write(in.resolve("garbage" + place[1]), new byte[] {0, 1, 2, '\\', 'u', 'x'});
        }
        Files.writeString(
                taskwatch.base().resolve("etc/org.taskwatch.shell.events.cfg"),
                "capacity = lots\n");

        Running run = taskwatch.run();

        run.awaitErr("loop.jar: ");
        run.awaitErr("folder.jar: it is a directory");
        run.awaitErr("fifo.jar: it is no regular file");
        run.awaitErr("etc/fifo.cfg: it is no regular file");
        run.awaitErr(
                "org.taskwatch.shell.events: capacity=lots: expected a number from 1 to 2147483647;"
                    + " change it in etc/org.taskwatch.shell.events.cfg; until then it is 65536");
        assertThat(run.err()).doesNotContain("NumberFormatException");
        taskwatch.deploy("good.jar", "good", org.taskwatch.itests.probe.Configured.class);
        Path config =
                taskwatch
                        .base()
                        .resolve("etc/" + org.taskwatch.itests.probe.Configured.PID + ".cfg");
        Files.writeString(config, "colour = green\n");
        await().atMost(Instance.DEADLINE).until(() -> folder.seen().contains("good colour green"));
    }

    @Test
    public void shouldStartWhateverTheFrameworksStorageHasBecome() throws Exception {
        Path cache = Files.createDirectories(taskwatch.base().resolve("cache"));
        Path outside = Files.writeString(folder.path().resolve("outside"), "kept");
        Files.writeString(cache.resolve("felix"), "a file");
        Files.writeString(cache.resolve("etc"), "a file");
        taskwatch.run().process().destroy();
        awaitEnd();

        byte[] rubbish = {1, 2, 3};
        Files.write(cache.resolve("felix/cache.lock"), rubbish);
        Files.write(
                Files.createDirectories(cache.resolve("felix/bundle7")).resolve("bundle.info"),
                rubbish);
        Files.createSymbolicLink(cache.resolve("felix/bundle99"), outside.getParent());
        taskwatch.run().process().destroy();
        awaitEnd();

        assertThat(outside).hasContent("kept");
    }

    /// {@return a checkout that was not built yet}
    ///
    /// @param build what Maven does
    private Instance checkout(String build) throws IOException {
        Path checkout = folder.path().resolve("checkout");
        Path launcher = checkout.resolve("launcher");
        Path script = Files.createDirectories(launcher.resolve("bin")).resolve("taskwatch");
        Files.copy(
                Instance.distribution().resolve("bin/taskwatch"),
                script,
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(launcher.resolve("pom.xml"), "");
        Files.writeString(checkout.resolve("pom.xml"), "");
        Path tools = Files.createDirectory(folder.path().resolve("tools"));
        Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\n" + build);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        String path = "PATH=" + tools + ":" + System.getenv("PATH");
        return new Instance(launcher, folder.path(), "env", path);
    }

    @Test
    public void shouldTellWhatTheFirstBuildDoesAndWhyItHasFailed() throws Exception {
        try (Instance failing = checkout("echo '[INFO] begins'; echo '[ERROR] no disk'; exit 1")) {
            String log = folder.path() + "/checkout/distribution/target/build.log";
            Result result = failing.call("status");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .matches(
                            "taskwatch: building, for the first time only; it takes some minutes.*"
                                    + " is in %s\n\\[ERROR] no disk\ntaskwatch: the build failed, .*\n"
                                            .formatted(log));
            assertThat(Path.of(log)).hasContent("[INFO] begins\n[ERROR] no disk");
        }
    }

    /// Its build takes its time.
    @Test
    public void shouldNotCountABuildAsTimeToGetReady() throws Exception {
        Path target = folder.path().resolve("checkout/distribution/target");
        String build =
                "sleep 5\ncp -r '%s' '%s/taskwatch-0.1.0'\n"
                        .formatted(Instance.distribution(), target);
        try (Instance built = checkout(build)) {
            long begin = System.nanoTime();
            String out = built.run().out();
            long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

            Matcher ready = Pattern.compile("ready in (\\d+) ms").matcher(out);
            assertThat(ready.find()).isTrue();
            assertThat(Long.parseLong(ready.group(1))).isBetween(1L, elapsed - 5_000 + 20);
        }
    }

    private void awaitEnd() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> taskwatch.call("status").err().contains("no instance runs"));
    }
}
