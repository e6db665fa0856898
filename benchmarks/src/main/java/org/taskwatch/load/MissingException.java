// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.Serial;

/// What the benchmark needs is not to be had on this machine.
final class MissingException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    /// @param message what, why, and what to do
    MissingException(String message) {
        super(message);
    }
}
