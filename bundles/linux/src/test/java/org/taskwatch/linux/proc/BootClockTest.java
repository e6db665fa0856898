// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The two clocks of the kernel.
public class BootClockTest {
    private static final double NANOS = 1e9;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Path uptime(double seconds) throws IOException {
        String text = String.format(Locale.ROOT, "%.2f 0.00\n", Math.floor(seconds * 100) / 100);
        return Files.writeString(folder.getRoot().toPath().resolve("uptime"), text);
    }

    @Test
    public void shouldTellHowLongTheMachineHasSlept() throws IOException {
        long offset = BootClock.offsetNanos(uptime(3600 + System.nanoTime() / NANOS));

        // What passes between the writing and the reading makes it less.
        assertThat(offset / NANOS).isBetween(3590.0, 3600.01);
    }

    @Test
    public void shouldFindNoDifferenceThatIsLessThanAStep() throws IOException {
        boolean isFound = false;
        // It may take longer to write and read the file than a step lasts, but not always.
        for (int tries = 0; tries < 1000 && !isFound; tries++) {
            isFound = BootClock.offsetNanos(uptime(System.nanoTime() / NANOS)) == 0;
        }
        assertThat(isFound).isTrue();
    }

    @Test
    public void shouldReadTheSecondsSinceBoot() throws IOException {
        assertThat(BootClock.nanos(uptime(12.34))).isEqualTo(12_340_000_000L);
        assertThat(BootClock.nanos(Path.of("/proc/uptime"))).isPositive();
    }
}
