// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/// The limit of this process, as `/proc` shows it.
public class OpenFilesTest {
    @Test
    public void shouldTellTheLimitOfThisProcess() throws Exception {
        String soft =
                Files.readAllLines(Path.of("/proc/self/limits")).stream()
                        .filter(line -> line.startsWith("Max open files"))
                        .findFirst()
                        .orElseThrow()
                        .split(" {2,}")[1];

        assertThat(OpenFiles.limit())
                .isEqualTo(soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft));
    }
}
