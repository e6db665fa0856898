// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;

/// The functions of the C library.
public class NativeTest {
    private static final FunctionDescriptor INT = FunctionDescriptor.of(ValueLayout.JAVA_INT);

    @Test
    public void shouldCallAFunction() throws Throwable {
        int pid = (int) Native.function("getpid", INT).invokeExact();

        assertThat(pid).isEqualTo((int) ProcessHandle.current().pid());
    }

    @Test
    public void shouldSayWhichFunctionIsMissing() {
        assertThatThrownBy(() -> Native.function("no_such_function", INT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the C library has no no_such_function");
    }

    @Test
    public void shouldThrowOnWhatIsUnchecked() {
        IllegalStateException unchecked = new IllegalStateException("a");
        OutOfMemoryError error = new OutOfMemoryError("b");

        assertThatThrownBy(() -> Native.unchecked(unchecked)).isSameAs(unchecked);
        assertThatThrownBy(() -> Native.unchecked(error)).isSameAs(error);
        assertThatThrownBy(() -> Native.unchecked(new IOException("c")))
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
