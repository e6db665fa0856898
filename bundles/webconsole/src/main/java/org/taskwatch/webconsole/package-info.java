// SPDX-License-Identifier: Apache-2.0

/// The page in the Felix web console, and who may enter that.
@NullMarked
package org.taskwatch.webconsole;

import org.jspecify.annotations.NullMarked;
