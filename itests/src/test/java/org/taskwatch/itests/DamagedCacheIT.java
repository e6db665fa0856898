// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// A damaged cache of the JVM, of an instance or of the commands: the JVM itself would crash.
public class DamagedCacheIT {
    private static final int HOLE = 1 << 16;

    private final TempFolder folder = TempFolder.create();
    private final Path distribution = folder.path().resolve("distribution");
    private final Instance taskwatch = new Instance(distribution, folder.path());
    private final Path cache = taskwatch.base().resolve("cache");
    private final Path archive = cache.resolve("jvm.jsa");
    private final Path commands = distribution.resolve("lib/commands.aot");

    /// A kind of damage.
    private interface Damage {
        void to(Path file) throws IOException;
    }

    @Before
    public void copyDistribution() throws Exception {
        Files.createDirectories(cache); // the first start makes no archive where there is no folder
        run("cp", "-r", Instance.distribution().toString(), distribution.toString());
    }

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /// Bytes in the middle are those that a power cut leaves: zeros, or others of the disk.
    private static Map<String, Damage> damages() {
        Map<String, Damage> damages = new LinkedHashMap<>();
        for (double at : new double[] {0, 0.1, 0.3, 0.5, 0.7, 0.9, 1}) {
            damages.put("random bytes at " + at, file -> overwrite(file, at, true));
        }
        damages.put("zeros", file -> overwrite(file, 0.5, false));
        damages.put("half", file -> truncate(file, Files.size(file) / 2));
        damages.put("empty", file -> truncate(file, 0));
        damages.put(
                "a directory",
                file -> {
                    Files.delete(file);
                    Files.writeString(Files.createDirectory(file).resolve("x"), "x");
                });
        damages.put("unreadable", file -> file.toFile().setReadable(false));
        return damages;
    }

    private static void overwrite(Path file, double at, boolean isRandom) throws IOException {
        byte[] bytes = new byte[HOLE];
        if (isRandom) {
            new Random(1).nextBytes(bytes);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), (long) (at * (channel.size() - HOLE)));
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void runAndStop() throws Exception {
        Running run = taskwatch.run();
        run.process().destroy();
        run.result();
    }

    /// Two starts: the first makes a cache as it ends, the second tries it.
    private void proveCache() throws Exception {
        runAndStop();
        assertThat(archive).isRegularFile();
        runAndStop();
        assertThat(cache.resolve("jvm.proven")).isNotEmptyFile();
        assertThat(cache.resolve("jvm.tried")).doesNotExist();
    }

    @Test
    public void shouldGetReadyAtOnceWithAProvenCacheThatIsDamaged() throws Exception {
        proveCache();
        Path good = Files.copy(archive, folder.path().resolve("good"));
        String proven = Files.readString(cache.resolve("jvm.proven"));
        for (Map.Entry<String, Damage> damage : damages().entrySet()) {
            delete(archive);
            Files.copy(good, archive);
            Files.writeString(cache.resolve("jvm.proven"), proven);
            damage.getValue().to(archive);

            Running run = taskwatch.run(); // fails if that ends before it is ready

            assertThat(run.err()).as(damage.getKey()).isEmpty();
            run.process().destroyForcibly().waitFor(); // makes no new cache
            assertThat(crashes()).as(damage.getKey()).isEmpty();
        }
        runAndStop();
        assertThat(archive).as("made again").isRegularFile();
    }

    @Test
    public void shouldGetReadyInTheSecondStartIfANewCacheCrashesTheFirst() throws Exception {
        runAndStop();
        Path good = Files.copy(archive, folder.path().resolve("good"));
        for (double at : new double[] {0.3, 0.7, 0.98}) {
            delete(archive);
            Files.copy(good, archive);
            overwrite(archive, at, true);
            Running first = taskwatch.start("run");
            while (first.process().isAlive() && !first.out().contains("ready")) {
                Thread.onSpinWait();
            }
            if (!first.process().isAlive()) {
                taskwatch.run();
            }
            taskwatch.call("stop");
        }
    }

    @Test
    public void shouldNotUseACacheAgainThatWasTriedAndNeverGotReady() throws Exception {
        runAndStop();
        Process sum =
                new ProcessBuilder("cksum")
                        .redirectInput(archive.toFile())
                        .redirectOutput(cache.resolve("jvm.tried").toFile())
                        .start();
        assertThat(sum.waitFor()).isZero();

        Running run = taskwatch.run();

        assertThat(archive).doesNotExist();
        assertThat(cache.resolve("jvm.tried")).doesNotExist();
        run.process().destroy();
        run.result();
        assertThat(archive).as("made again").isRegularFile();
    }

    @Test
    public void shouldExecuteCommandsWithADamagedCacheOfTheirs() throws Exception {
        assertThat(commands).isRegularFile();
        Path good = Files.copy(commands, folder.path().resolve("good"));
        for (Map.Entry<String, Damage> damage : damages().entrySet()) {
            delete(commands);
            Files.copy(good, commands);
            damage.getValue().to(commands);

            Instance.Result result = taskwatch.call("--version");

            assertThat(result.status()).as(damage.getKey()).isZero();
            assertThat(result.out()).as(damage.getKey()).matches("taskwatch [0-9.]+\n");
            assertThat(result.err()).as(damage.getKey()).isEmpty();
        }
    }

    private List<Path> crashes() throws IOException {
        try (Stream<Path> files = Files.list(taskwatch.base().resolve("log"))) {
            return files.filter(file -> file.toString().contains("hs_err")).toList();
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
