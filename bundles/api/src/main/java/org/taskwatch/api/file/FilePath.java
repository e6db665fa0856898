// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.osgi.service.component.annotations.ComponentPropertyType;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares where in the control file system the file of a component is.
///
/// ```java
/// @Component
/// @FilePath("rates")
/// public class RatesFile implements ControlFile { ... }
/// ```
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface FilePath {
    /// What the names of the service properties begin with.
    String PREFIX_ = "taskwatch.";

    /// The service property, a `String`, with the path.
    String FILE_PATH = "taskwatch.file.path";

    /// The service property, an `Integer`, of [#mode].
    String MODE = "taskwatch.mode";

    /// The mode of a file that has none.
    int READABLE = 0444;

    /// {@return the path below the root of the file system, as `relayfork/signal`: names of 1 to 255
    /// bytes, separated by one `/`; directories come and go with what is in them}
    String value();

    /// {@return who may open it, as in `chmod(2)`; the owner is the user that runs taskwatch}
    int mode() default READABLE;
}
