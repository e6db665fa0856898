// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.taskwatch.launcher.client.ControlClient;
import org.taskwatch.launcher.failure.Failure;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A base that another process holds: locks are between processes.
public class InstanceLockTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    /// Holds a base until its input ends.
    static final class Holder {
        public static void main(String[] words) throws Exception {
            try (InstanceLock _ = InstanceLock.acquire(Base.of(Path.of(words[0])))) {
                System.out.println("held");
                int _ = System.in.read();
            }
        }
    }

    private static String classes() {
        return Stream.of(InstanceLock.class, InstanceLockTest.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    public void shouldKeepHowFarItsHolderIsAndNeverGoBack() throws Exception {
        Base base = Base.of(temporary.getRoot().toPath());
        base.create();
        try (InstanceLock lock = InstanceLock.acquire(base)) {
            lock.tell(InstanceLock.State.STOPPING);
            lock.tell(InstanceLock.State.RUNNING);

            assertThat(base.lock())
                    .hasContent("%d STOPPING".formatted(ProcessHandle.current().pid()));
        }
    }

    @Test
    public void shouldTellAnInstanceThatDoesNotAnswerFromNone() throws Exception {
        Base base = Base.of(temporary.getRoot().toPath());
        base.create();
        assertThat(InstanceLock.likelyHolder(base)).isEmpty();
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                classes(),
                                Holder.class.getName(),
                                base.directory().toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");

            assertThat(InstanceLock.holder(base)).hasValue(holder.pid());
            assertThat(InstanceLock.likelyHolder(base)).hasValue(holder.pid());
            assertThat(InstanceLock.state(base)).isEqualTo(InstanceLock.State.STARTING);
            assertThatThrownBy(() -> ControlClient.connect(base))
                    .hasMessageContaining("pid " + holder.pid() + ", is starting: it does not")
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.status()).isEqualTo(3));

            holder.getOutputStream().close();
            holder.waitFor();
            assertThat(InstanceLock.likelyHolder(base)).isEmpty();
            assertThatThrownBy(() -> ControlClient.connect(base))
                    .hasMessageContaining("no instance runs");
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }
}
