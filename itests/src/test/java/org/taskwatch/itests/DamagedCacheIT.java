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
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// A cache of the JVM that is damaged, or was made from other jars: the JVM itself would crash, or run the
/// classes of those.
public class DamagedCacheIT {
    private static final int HOLE = 1 << 16;

    private final TempFolder folder = TempFolder.create();
    private final Path distribution = folder.path().resolve("distribution");
    private final Instance taskwatch = new Instance(distribution, folder.path());
    private final Path instance = distribution.resolve("lib/instance.aot");
    private final Path commands = distribution.resolve("lib/commands.aot");

    /// A kind of damage.
    private interface Damage {
        void to(Path file) throws IOException;
    }

    @Before
    public void copyDistribution() throws Exception {
        run("cp", "-rp", Instance.distribution().toString(), distribution.toString());
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
        for (double at : new double[] {0, 0.5, 1}) {
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
        damages.put("absent", Files::delete);
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

    /// {@return whether the JVM has mapped the cache: it may refuse one, and says nothing}
    private boolean usesCache(Running run) throws IOException {
        String maps = Files.readString(Path.of("/proc/" + run.process().pid() + "/maps"));
        return maps.contains(instance.toString());
    }

    @Test
    public void shouldUseTheCacheThatTheBuildHasMadeAndCopyNoBundleOfTheDistribution()
            throws Exception {
        assertThat(usesCache(taskwatch.run())).isTrue();
        try (Stream<Path> files = Files.walk(taskwatch.base())) {
            assertThat(files.filter(file -> file.toString().endsWith(".jar"))).isEmpty();
        }
    }

    @Test
    public void shouldGetReadyWithoutACacheThatIsDamaged() throws Exception {
        Path good = Files.copy(instance, folder.path().resolve("good"));
        for (Map.Entry<String, Damage> damage : damages().entrySet()) {
            delete(instance);
            Files.copy(good, instance);
            damage.getValue().to(instance);

            Running run = taskwatch.run(); // fails if that ends before it is ready

            assertThat(run.err()).as(damage.getKey()).isEmpty();
            assertThat(usesCache(run)).as(damage.getKey()).isFalse();
            run.process().destroyForcibly().waitFor();
        }
    }

    @Test
    public void shouldGetReadyWithoutACacheWhoseChecksumsAreDamaged() throws Exception {
        Path sum = distribution.resolve("lib/instance.sum");
        Files.write(sum, new byte[(int) Files.size(sum)]); // as a power cut leaves it

        Running run = taskwatch.run();

        assertThat(run.err()).isEmpty();
        assertThat(usesCache(run)).isFalse();
    }

    @Test
    public void shouldNotUseACacheThatWasMadeFromOtherJars() throws Exception {
        Path jar = distribution.resolve("lib/commons-cli-1.11.0.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
            Files.writeString(content.getPath("other"), "");
        }
        Files.setLastModifiedTime(jar, time);

        assertThat(usesCache(taskwatch.run())).isFalse();
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
