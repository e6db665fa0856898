// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/// What is said of an error of the kernel.
public class LinuxExceptionTest {
    @Test
    public void shouldSayWhatWasDoneAndTheNameOfTheError() {
        LinuxException e = new LinuxException("open of /x", LinuxException.EACCES);

        assertThat(e).hasMessage("open of /x failed: EACCES");
        assertThat(e.errno()).isEqualTo(13);
    }

    @Test
    public void shouldCallEachNumberAsTheCLibraryDoes() throws Exception {
        List<Field> numbers =
                Arrays.stream(LinuxException.class.getFields())
                        .filter(field -> Modifier.isStatic(field.getModifiers()))
                        .toList();

        assertThat(numbers).hasSizeGreaterThan(5);
        for (Field number : numbers) {
            assertThat(ErrorNames.of(number.getInt(null))).isEqualTo(number.getName());
        }
    }

    @Test
    public void shouldSayTheNumberOfAnErrorWithoutAName() {
        assertThat(new LinuxException("x", 9999)).hasMessage("x failed: errno 9999");
    }

    @Test
    public void shouldBeThrownForNegativeAnswersOnly() throws Exception {
        assertThat(SystemCall.check(0, "x")).isZero();
        assertThat(SystemCall.check(1L << 40, "x")).isEqualTo(1L << 40);
        assertThatThrownBy(() -> SystemCall.check(-9, "close of a file"))
                .hasMessage("close of a file failed: EBADF");
    }

    @Test
    public void shouldBeOfTheCallingThreadsLastCall() throws Exception {
        assertThat(SystemCall.CLOSE.call(-1)).isEqualTo(-9); // EBADF
        Thread other = Thread.ofPlatform().start(() -> SystemCall.EPOLL_CREATE1.call(-1));
        other.join();

        assertThat(SystemCall.CLOSE.call(-1)).isEqualTo(-9);
    }
}
