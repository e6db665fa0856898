// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.nio.file.Files;
import java.nio.file.Path;

public class StorageTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private Path storage() {
        return temporary.getRoot().toPath().resolve("cache/felix");
    }

    private Path outside() throws Exception {
        return Files.writeString(temporary.newFolder("outside").toPath().resolve("kept"), "x");
    }

    @Test
    public void shouldMakeAnEmptyFolderOfNothingOfAFolderAndOfAFile() throws Exception {
        Storage.clear(storage());
        assertThat(storage()).isEmptyDirectory();

        Files.writeString(Files.createDirectories(storage().resolve("a/b")).resolve("c"), "x");
        Storage.clear(storage());
        assertThat(storage()).isEmptyDirectory();

        Files.delete(storage());
        Files.writeString(storage(), "a file");
        Storage.clear(storage());
        assertThat(storage()).isEmptyDirectory();
    }

    @Test
    public void shouldDeleteNothingOutsideThatALinkLeadsTo() throws Exception {
        Path outside = outside();
        Files.createDirectories(storage().resolve("bundle1"));
        Files.createSymbolicLink(storage().resolve("bundle1/link"), outside.getParent());
        Files.createSymbolicLink(storage().resolve("loop"), Path.of("loop"));

        Storage.clear(storage());

        assertThat(storage()).isEmptyDirectory();
        assertThat(outside).hasContent("x");
    }

    @Test
    public void shouldReplaceALinkByAFolder() throws Exception {
        Path outside = outside();
        Files.createDirectories(storage().getParent());
        Files.createSymbolicLink(storage(), outside.getParent());

        Storage.clear(storage());

        assertThat(Files.isSymbolicLink(storage())).isFalse();
        assertThat(storage()).isEmptyDirectory();
        assertThat(outside).hasContent("x");
    }
}
