// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// The nice value of a thread.
public class NicenessTest {
    private static <T> T onAThreadOfItsOwn(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    @Test
    public void shouldChangeTheCallingThreadOnly() throws Exception {
        int before = Niceness.get();
        assumeTrue("needs a nice value below 19", before < 19);
        int after =
                onAThreadOfItsOwn(() -> {
                    Niceness.set(before + 1);
                    return Niceness.get();
                });

        assertThat(after).isEqualTo(before + 1);
        assertThat(Niceness.get()).isEqualTo(before);
    }

    @Test
    public void shouldTakeWhatIsBeyondForTheBound() throws Exception {
        assertThat(
                        onAThreadOfItsOwn(() -> {
                            Niceness.set(100);
                            return Niceness.get();
                        }))
                .isEqualTo(19);
    }

    @Test
    public void shouldNotPassOnWhatIsPreferred() throws Exception {
        assumeTrue("needs CAP_SYS_NICE", onAThreadOfItsOwn(NicenessTest::prefer));
        int ofStarted =
                onAThreadOfItsOwn(() -> {
                    assertThat(prefer()).isTrue();
                    assertThat(Niceness.get()).isEqualTo(-5);
                    return onAThreadOfItsOwn(Niceness::get);
                });

        assertThat(ofStarted).isZero();
    }

    /// {@return whether this user may}
    private static boolean prefer() {
        try {
            Niceness.set(-5);
            return true;
        } catch (LinuxException e) {
            assertThat(e).hasMessageContaining("EACCES");
            return false;
        }
    }
}
