// SPDX-License-Identifier: Apache-2.0

/// What a bundle contributes to the web server of Taskwatch: services of the JDK's type
/// [com.sun.net.httpserver.HttpHandler], with the path that they serve.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.api.web;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
