// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// What the shell of Gogo may ask of its surroundings.
///
/// @param base the base directory: the user's own profile is `etc/taskwatch_profile` below it
record ShellContext(Path base) implements Shell.Context {
    /// The name of the user's profile.
    static final String PROFILE = "taskwatch_profile";

    @Override
    public @Nullable String getProperty(String name) {
        return name.equals("gosh.home") ? base.toString() : null;
    }

    @Override
    public void exit() {
        throw new UnsupportedOperationException(
                "a shell can't end the framework; use taskwatch stop");
    }
}
