// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/// An empty base, and what the command writes to its outputs.
abstract class MainFixture {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream oldErr = System.err;
    private final PrintStream oldOut = System.out;
    String base;

    @Before
    public void capture() {
        base = temporary.getRoot().getPath();
        System.setErr(new PrintStream(err, true));
        System.setOut(new PrintStream(out, true));
    }

    @After
    public void release() {
        System.setErr(oldErr);
        System.setOut(oldOut);
    }

    final void assertOneLine(String line, int status, String... arguments) {
        assertThat(Main.execute(arguments)).isEqualTo(status);
        assertThat(err.toString()).isEqualTo("taskwatch: " + line + "\n");
        err.reset();
    }
}
