// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.source.TaskRecord.Kind.EXECUTED;
import static org.taskwatch.source.TaskRecord.Kind.FREED;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.source.ebpf.Records.Kept;
import org.taskwatch.testing.Needs;

import java.io.IOException;

/// A source with the programs in the kernel that runs the test, and what it has told.
abstract class EbpfSourceFixture {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    final EbpfSource source = new EbpfSource("" + (1 << 20), "200", "0");
    final Records records = new Records();

    @Before
    public void open() throws Exception {
        Needs.bpf();
        source.open();
    }

    @After
    public void close() {
        source.close();
    }

    final Process start(String... command) throws IOException {
        return new ProcessBuilder(command).directory(folder.getRoot()).start();
    }

    /// {@return the pid of a process that was started, has ended and of which all was told}
    final int run(String... command) throws Exception {
        Process process = start(command);
        int pid = (int) process.pid();
        assertThat(process.waitFor()).isZero();
        records.readUntil(source, () -> records.has(FREED, pid));
        return pid;
    }

    final Kept lastExec(int pid) {
        return records.of(pid).stream().filter(r -> r.kind() == EXECUTED).toList().getLast();
    }
}
