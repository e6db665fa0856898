// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.web;

import org.osgi.service.component.annotations.ComponentPropertyType;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares which path of the web server a component serves.
///
/// ```java
/// @Component
/// @WebPath("/greeting")
/// public class Greeting implements HttpHandler { ... }
/// ```
///
/// A request comes to it when the server has found that its client may ask: by GET or HEAD with a token, by POST
/// with that of those who may change something; then with a body of 32 MiB at most. Each is on a
/// thread of its own, several at a time. When the service goes, no request enters any more; those inside are
/// interrupted and waited for, as the calls of watchers are, so end the reply then. What its method throws
/// is logged and answered with the status 500 if no reply was begun. The server closes the exchange.
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface WebPath {
    /// What the names of the service properties begin with.
    String PREFIX_ = "taskwatch.";

    /// The service property, a `String`, with the path.
    String WEB_PATH = "taskwatch.web.path";

    /// {@return the path, as `/metrics`, or one that ends with `/*` for all below it; the service with the highest ranking has it, and the oldest of those}
    String value();
}
