// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// The limit of this process, as `/proc` shows it.
public class LockedMemoryTest {
    private static String limit() {
        return lines().stream()
                .filter(line -> line.startsWith("Max locked memory"))
                .findFirst()
                .orElseThrow()
                .split(" {2,}")[1];
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    public void shouldTryAgainWithoutTheLimit() throws Exception {
        String before = limit();
        AtomicReference<String> inside = new AtomicReference<>(before);
        long answer =
                LockedMemory.without(
                        () -> {
                            inside.set(limit());
                            return 7;
                        },
                        -1);

        boolean wasLifted = !before.equals("unlimited") && inside.get().equals("unlimited");
        assertThat(answer).isEqualTo(wasLifted ? 7 : -1);
        assertThat(limit()).isEqualTo(inside.get());
        assertThat(LockedMemory.without(() -> 7, -1)).isEqualTo(-1); // there is none, or it stays
    }

    @Test
    public void shouldKeepTheLimitIfItWasNotTheReason() throws Exception {
        String before = limit();
        assertThat(LockedMemory.without(() -> -2, -1)).isBetween(-2L, -1L);
        assertThat(limit()).isEqualTo(before);
    }
}
