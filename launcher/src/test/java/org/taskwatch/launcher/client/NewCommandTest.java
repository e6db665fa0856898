// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.control.MisuseException;
import org.taskwatch.launcher.failure.Failure;

import java.nio.file.Files;
import java.nio.file.Path;

/// The starter that is written.
public class NewCommandTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void shouldWriteAWatcherOfThatNameAndTouchNoFileThatIsThere() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Path written = NewCommand.write(folder, "RootExecs");
        assertThat(written).isEqualTo(folder.resolve("RootExecs.java"));
        assertThat(written).content().contains("public class RootExecs implements TaskWatcher");

        Files.writeString(written, "mine");
        assertThatThrownBy(() -> NewCommand.write(folder, "RootExecs"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("RootExecs.java is there already");
        assertThat(written).content().isEqualTo("mine");
    }

    @Test
    public void shouldRefuseWhatIsNoNameOfAClass() {
        for (String name :
                new String[] {"rootExecs", "Root-Execs", "../RootExecs", "Root.Execs", ""}) {
            assertThatThrownBy(() -> NewCommand.write(temporary.getRoot().toPath(), name))
                    .isInstanceOf(MisuseException.class)
                    .hasMessageContaining("NAME must be that of a class");
        }
    }
}
