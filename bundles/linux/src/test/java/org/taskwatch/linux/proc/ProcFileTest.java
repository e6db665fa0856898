// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/// How much of a file is read, and what is thrown if it can't be.
public class ProcFileTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private String file(byte[] content) throws IOException {
        Path file = folder.getRoot().toPath().resolve("file");
        return Files.write(file, content).toString();
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    public void shouldReadAFileOfAnyLengthWhole() throws IOException {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 8192, 8193, 100_000}) {
            byte[] content = content(length);

            assertThat(ProcFile.read(file(content), 200_000)).as("%d", length).isEqualTo(content);
            assertThat(ProcFile.read(file(content), length)).as("%d", length).isEqualTo(content);
        }
    }

    @Test
    public void shouldReadNoMoreThanTheLimit() throws IOException {
        byte[] content = content(10_000);

        for (int limit : new int[] {0, 1, 1024, 1025, 9_999}) {
            assertThat(ProcFile.read(file(content), limit))
                    .as("%d", limit)
                    .isEqualTo(Arrays.copyOf(content, limit));
        }
    }

    @Test
    public void shouldSayThatAFileIsNotThere() {
        String path = folder.getRoot() + "/none";

        assertThatThrownBy(() -> ProcFile.read(path, 10))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(path);
    }

    @Test
    public void shouldFailToReadAFolder() {
        assertThatThrownBy(() -> ProcFile.read(folder.getRoot().toString(), 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("directory");
    }
}
