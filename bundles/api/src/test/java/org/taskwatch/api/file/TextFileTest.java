// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Files whose content is a text.
public class TextFileTest {
    private final AtomicInteger count = new AtomicInteger();
    private final TextFile counter = new TextFile(() -> "count " + count.incrementAndGet() + "\n");

    @Test
    public void shouldReadOnInTheTextThatWasThereAtItsStart() {
        assertThat(read(counter, 0, 5)).isEqualTo("count");
        assertThat(read(counter, 5, 100)).isEqualTo(" 1\n");
        assertThat(read(counter, 8, 100)).isEmpty();
        assertThat(read(counter, Long.MAX_VALUE, 100)).isEmpty();
    }

    @Test
    public void shouldMakeTheTextAnewWhenItIsReadFromTheStart() {
        assertThat(read(counter, 0, 100)).isEqualTo("count 1\n");
        assertThat(read(counter, 0, 100)).isEqualTo("count 2\n");
    }

    @Test
    public void shouldGiveWhatIsWrittenWithoutTheEndOfTheLine() throws Exception {
        List<String> written = new ArrayList<>();
        new TextFile(() -> "", written::add).write(bytes(" 123\n"));

        assertThat(written).containsExactly("123");
    }

    @Test
    public void shouldRefuseToBeWrittenIfNobodyTakesIt() {
        assertThatThrownBy(() -> counter.write(bytes("1"))).hasMessageContaining("EINVAL");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(TextFile file, long offset, int size) {
        return StandardCharsets.UTF_8.decode(file.read(offset, size, true)).toString();
    }
}
