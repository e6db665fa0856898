// SPDX-License-Identifier: Apache-2.0

/// How often tasks come and go, for tools to show: the service [org.taskwatch.rates.Rates]. Tools
/// import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.rates;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
