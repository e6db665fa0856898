// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

public class ConfigFileTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private ConfigFile file;

    @Before
    public void name() {
        path = folder.getRoot().toPath().resolve("org.example.cfg");
        file = new ConfigFile(path);
    }

    private static Map<String, Optional<String>> change(String key, String value) {
        return Map.of(key, Optional.of(value));
    }

    @Test
    public void shouldChangeOneLineAndKeepAllElse() throws IOException {
        String text = "# the port\nport: 80\n\nrules = a; \\\n        b\n# old\nold = x\n# end\n";
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(file.change(change("port", "81"))).isTrue();
        assertThat(file.change(Map.of("old", Optional.empty()))).isTrue();

        assertThat(path).hasContent("# the port\nport = 81\n\nrules = a; \\\n        b\n# end\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
        assertThat(folder.getRoot().list()).containsExactly("org.example.cfg");
    }

    @Test
    public void shouldMakeAFileThatOnlyItsOwnerReads() throws IOException {
        assertThat(file.values()).isEmpty();

        file.change(change("name", "ä€ \\d ${x} #=:\n\ttab"));

        assertThat(file.values()).containsExactly(Map.entry("name", "ä€ \\d ${x} #=:\n\ttab"));
        assertThat(Files.readAllBytes(path))
                .asString(StandardCharsets.US_ASCII)
                .contains("\\u20AC");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    public void shouldNotWriteWhatIsThereAlready() throws IOException {
        Files.writeString(path, "port=80\n");

        assertThat(file.change(change("port", "80"))).isFalse();
        assertThat(file.change(Map.of("other", Optional.empty()))).isFalse();

        assertThat(path).hasContent("port=80\n");
        assertThat(file.delete()).isTrue();
        assertThat(file.delete()).isFalse();
    }

    @Test
    public void shouldWriteTheFileThatALinkNames() throws IOException {
        Path real = folder.newFile("real").toPath();
        Files.createSymbolicLink(path, real);

        file.change(change("port", "80"));

        assertThat(path).isSymbolicLink();
        assertThat(real).hasContent("port = 80\n");
    }

    @Test
    public void shouldTakeWhatAKilledWriterHasLeft() throws IOException {
        Files.writeString(path.resolveSibling("org.example.cfg.new"), "half");

        file.change(change("port", "80"));

        assertThat(path).hasContent("port = 80\n");
    }

    @Test
    public void shouldLeaveAloneWhatItCannotRead() throws Exception {
        Files.writeString(path, "<?xml version='1.0'?>");
        assertThatThrownBy(() -> file.change(change("port", "80")))
                .hasMessage(path + " is XML, which is edited by hand");
        assertThat(path).hasContent("<?xml version='1.0'?>");

        Files.delete(path);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        assertThatThrownBy(file::values).hasMessage(path + " is no file");
    }
}
