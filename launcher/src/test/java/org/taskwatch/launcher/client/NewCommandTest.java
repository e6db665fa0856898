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
        Path written = NewCommand.file(folder, "RootExecs");
        assertThat(written).isEqualTo(folder.resolve("RootExecs.java"));
        assertThat(written).content().contains("public class RootExecs implements TaskWatcher");

        Files.writeString(written, "mine");
        assertThatThrownBy(() -> NewCommand.file(folder, "RootExecs"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("RootExecs.java is there already");
        assertThat(written).content().isEqualTo("mine");
    }

    @Test
    public void shouldWriteAProjectWithTheVersionOfTheApi() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Path project = NewCommand.project(folder, "RootExecs", "1.2.3");
        assertThat(project.resolve("src/main/java/rootexecs/RootExecs.java"))
                .content()
                .startsWith("package rootexecs;\n\nimport ")
                .contains("public class RootExecs implements TaskWatcher");
        assertThat(project.resolve("pom.xml"))
                .content()
                .contains("<artifactId>rootexecs</artifactId>", "<version>1.2.3</version><scope>")
                .doesNotContain("@");
        assertThatThrownBy(() -> NewCommand.project(folder, "RootExecs", "1.2.3"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("RootExecs is there already");
    }

    @Test
    public void shouldRefuseWhatIsNoNameOfAClass() {
        for (String name :
                new String[] {"rootExecs", "Root-Execs", "../RootExecs", "Root.Execs", ""}) {
            assertThatThrownBy(() -> NewCommand.file(temporary.getRoot().toPath(), name))
                    .isInstanceOf(MisuseException.class)
                    .hasMessageContaining("NAME must be that of a class");
        }
    }
}
