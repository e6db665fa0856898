// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Why something in `/proc` could not be read.
public class ProcFsTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void shouldSayThatATaskIsGoneOnlyIfItIs() throws IOException {
        Path root = folder.getRoot().toPath();
        Files.createDirectories(root.resolve("7/comm")); // can be opened, but not read
        ProcFs proc = new ProcFs(root);

        assertThat(proc.comm(7)).isEqualTo(Detail.unknown(Reason.FAILED));
        assertThat(proc.comm(8)).isEqualTo(Detail.unknown(Reason.GONE));
    }
}
