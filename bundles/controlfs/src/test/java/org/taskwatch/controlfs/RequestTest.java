// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.Test;
import org.taskwatch.api.file.Client;

import java.nio.ByteBuffer;

/// The requests of the kernel, laid out as `linux/fuse.h` has them.
public class RequestTest {
    private static final int HEADER = 40;

    private static ByteBuffer message(byte... body) {
        ByteBuffer message = Answers.body(HEADER + body.length);
        message.putInt(message.capacity()).putInt(Opcode.LOOKUP).putLong(1L << 33).putLong(3);
        message.putInt(1000).putInt(100).putInt(4711).putInt(0).put(body);
        return message.flip();
    }

    @Test
    public void shouldReadTheHeader() {
        Request request = Request.of(message());

        assertThat(request.opcode()).isEqualTo(Opcode.LOOKUP);
        assertThat(request.unique()).isEqualTo(1L << 33);
        assertThat(request.node()).isEqualTo(3);
        assertThat(request.client()).isEqualTo(new Client(4711, 1000, 100));
        assertThat(request.body().capacity()).isZero();
    }

    @Test
    public void shouldKeepABodyThatTheNextRequestOverwrites() {
        ByteBuffer buffer = message((byte) 1, (byte) 0, (byte) 0, (byte) 0);
        Request request = Request.of(buffer);

        buffer.putInt(HEADER, 99);

        assertThat(request.int32(0)).isEqualTo(Answers.body(4).put((byte) 1).getInt(0));
    }

    @Test
    public void shouldReadANameWithoutItsZero() {
        byte[] name = "b\u00e4r\0".getBytes(UTF_8);

        assertThat(Request.of(message(name)).name()).isEqualTo("b\u00e4r");
    }

    @Test
    public void shouldGiveThePartThatIsAskedForInNativeOrder() {
        ByteBuffer body = Answers.body(12).putInt(1).putInt(2).putInt(3);
        Request request = Request.of(message(body.array()));

        ByteBuffer data = request.data(4, 4);

        assertThat(data.remaining()).isEqualTo(4);
        assertThat(data.getInt(0)).isEqualTo(2);
        assertThat(request.int64(0)).isEqualTo(body.getLong(0));
    }

    @Test
    public void shouldRefuseMoreThanTheBodyHas() {
        Request request = Request.of(message(new byte[8]));

        assertThatThrownBy(() -> request.data(4, 5)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> request.int64(4)).isInstanceOf(RuntimeException.class);
    }
}
