// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The size of a page.
public class PagesTest {
    private static byte[] auxiliary(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.nativeOrder());
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return bytes.array();
    }

    @Test
    public void shouldReadTheSizeOfAPage() throws Exception {
        assertThat(Pages.size(auxiliary(33, 1, 6, 65536, 0, 0))).isEqualTo(65536);
    }

    @Test
    public void shouldSayIfItIsNotTold() {
        assertThatThrownBy(() -> Pages.size(auxiliary(33, 6, 0, 0)))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no AT_PAGESZ in it");
        assertThatThrownBy(() -> Pages.size(new byte[7])).isInstanceOf(IOException.class);
    }

    @Test
    public void shouldKnowThatOfThisMachine() {
        assertThat(Integer.bitCount(Pages.size())).isEqualTo(1);
        assertThat(Pages.size()).isBetween(4096, 65536);
    }
}
