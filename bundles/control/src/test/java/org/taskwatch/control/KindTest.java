// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

/// How sizes are written.
public class KindTest {
    @Test
    public void shouldTakeAUnitInEitherCase() throws Exception {
        Kind.SIZE.check("--size", "1k");
        assertThat(Kind.bytes("1k")).isEqualTo(1024).isEqualTo(Kind.bytes("1K"));
        assertThat(Kind.bytes("3m")).isEqualTo(3 << 20);
        assertThat(Kind.bytes("1G")).isEqualTo(1 << 30);
        assertThat(Kind.bytes("300")).isEqualTo(300);
    }

    @Test
    public void shouldRefuseWhatIsNoSize() {
        for (String wrong : new String[] {"", "k", "0", "-1", "1t", "1kb", "9999999999G"}) {
            assertThatThrownBy(() -> Kind.SIZE.check("--size", wrong))
                    .isInstanceOf(MisuseException.class)
                    .hasMessageContaining("a number of bytes as 300, 64K, 256M or 1G, is " + wrong);
        }
    }
}
