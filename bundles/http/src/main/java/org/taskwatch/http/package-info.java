// SPDX-License-Identifier: Apache-2.0

/// The web server, and who may ask it.
@NullMarked
package org.taskwatch.http;

import org.jspecify.annotations.NullMarked;
