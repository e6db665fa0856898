// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

public class FirstNamespaceTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void shouldTellTheFirstNamespaceFromOthers() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Files.createSymbolicLink(folder.resolve("pid"), Path.of("pid:[4026531836]"));
        Files.createSymbolicLink(folder.resolve("user"), Path.of("user:[4026532001]"));

        assertThat(FirstNamespace.PID.has(folder)).isTrue();
        assertThat(FirstNamespace.USER.has(folder)).isFalse();
        assertThatThrownBy(() -> FirstNamespace.PID.has(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
