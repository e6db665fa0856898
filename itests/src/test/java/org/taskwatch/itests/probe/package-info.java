// SPDX-License-Identifier: Apache-2.0

/// Watchers that the tests deploy. What they see, they write into the folder that the test has put
/// into their bundle: it may be read from inside the framework and from outside the process.
@NullMarked
package org.taskwatch.itests.probe;

import org.jspecify.annotations.NullMarked;
