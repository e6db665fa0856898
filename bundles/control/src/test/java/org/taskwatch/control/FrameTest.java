// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Objects;

public class FrameTest {
    private static Frame read(byte... bytes) throws IOException {
        return Objects.requireNonNull(Frame.read(stream(bytes)));
    }

    private static DataInputStream stream(byte... bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    @Test
    public void shouldBeTypeLengthAndPayload() {
        assertThat(Frame.of(Frame.EXECUTE, "lb").encode().array())
                .containsExactly('E', 0, 0, 0, 2, 'l', 'b');
        assertThat(Frame.exit(137).encode().array())
                .containsExactly('X', 0, 0, 0, 4, 0, 0, 0, (byte) 137);
        assertThat(Frame.command(List.of("wait", "", "é")).encode().array())
                .containsExactly(
                        'C', 0, 0, 0, 9, 'w', 'a', 'i', 't', 0, 0, (byte) 0xc3, (byte) 0xa9, 0);
    }

    @Test
    public void shouldReadWhatItHasWritten() throws IOException {
        List<String> words = List.of("events", "--comm=it's \"x\"\n $y", "", "\\");
        Frame command = read(Frame.command(words).encode().array());
        assertThat(command.type()).isEqualTo(Frame.COMMAND);
        assertThat(command.words()).isEqualTo(words);

        assertThat(read(Frame.exit(-1).encode().array()).status()).isEqualTo(-1);
        assertThat(read(Frame.of(Frame.OUTPUT, "zwölf").encode().array()).text())
                .isEqualTo("zwölf");
        assertThat(Frame.read(stream())).isNull();
    }

    @Test
    public void shouldRefuseWhatIsNoFrame() {
        assertThatThrownBy(() -> read((byte) 'O', (byte) 0, (byte) 16, (byte) 0, (byte) 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("1048577 bytes");
        assertThatThrownBy(() -> read((byte) 'O', (byte) -1, (byte) 0, (byte) 0, (byte) 1))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> read((byte) 'O', (byte) 0, (byte) 0, (byte) 0, (byte) 1))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read((byte) 'O', (byte) 0)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Frame.of(Frame.COMMAND, "wait").words())
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> Frame.of(Frame.EXIT, "1").status())
                .isInstanceOf(ProtocolException.class);
    }
}
