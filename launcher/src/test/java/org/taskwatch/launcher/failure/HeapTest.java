// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// When a heap counts as full: that of a JVM for each test.
public class HeapTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void shouldNotBeFullWhileThereIsRoom() throws Exception {
        assertThat(isFullIn("empty")).isEqualTo("false");
    }

    @Test
    public void shouldBeFullWhenWhatIsThereIsInUse() throws Exception {
        assertThat(isFullIn("strong")).isEqualTo("true");
    }

    @Test
    public void shouldNotBeFullOfWhatTheVirtualMachineMayLetGo() throws Exception {
        assertThat(isFullIn("soft")).isEqualTo("false");
    }

    private String isFullIn(String kind) throws Exception {
        Path out = temporary.newFile().toPath();
        Process jvm =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:+UseSerialGC",
                                "-Xmn4m",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Filled.class.getName(),
                                kind)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        jvm.waitFor();
        return Files.readString(out).strip();
    }

    /// A JVM whose heap is nearly used up.
    static final class Filled {
        private static final int PIECE = 64 << 10;
        private static final List<Object> PIECES = new ArrayList<>();

        private Filled() {}

        /// Says whether the heap is full.
        ///
        /// @param kind `strong` or `soft`: how the JVM's memory is held; or `empty`
        public static void main(String... kind) {
            Runtime runtime = Runtime.getRuntime();
            long most = kind[0].equals("empty") ? 0 : runtime.maxMemory() / 17 * 16;
            while (runtime.totalMemory() - runtime.freeMemory() < most) {
                byte[] piece = new byte[PIECE];
                PIECES.add(kind[0].equals("soft") ? new SoftReference<>(piece) : piece);
            }
            boolean isFull = Heap.isFull();
            System.out.println(isFull);
        }
    }
}
