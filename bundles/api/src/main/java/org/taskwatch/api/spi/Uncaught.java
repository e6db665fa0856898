// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

/// For the loops of threads that must not end: hands what they can't handle to the uncaught exception
/// handler of their thread, as if it had ended them, and lets them go on.
///
/// Whoever runs the JVM decides there what an error of it means. The launcher ends the process when
/// memory has run out, and logs everything else.
public final class Uncaught {
    private Uncaught() {}

    /// Hands it to the handler of the calling thread, and returns. What the handler itself throws is
    /// ignored, as the JVM ignores it.
    ///
    /// @param failure what was thrown
    public static void handle(Throwable failure) {
        Thread self = Thread.currentThread();
        try {
            self.getUncaughtExceptionHandler().uncaughtException(self, failure);
        } catch (RuntimeException | Error _) {
            // as said
        }
    }
}
