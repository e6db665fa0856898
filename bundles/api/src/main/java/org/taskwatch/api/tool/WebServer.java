// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.net.URI;

/// The web server of the instance. An OSGi service. Safe for all threads.
@ProviderType
public interface WebServer {
    /// What a client may do.
    enum Right {
        /// See all that the server shows.
        SEE,
        /// Also change what can be changed by it: what watchers do, and which there are.
        CONTROL
    }

    /// Starts the server, unless it runs.
    ///
    /// @param right what whoever has the address may do
    /// @return its address with the token for that
    /// @throws IOException if it can't listen there, or the file of a token can't be written; the message says where
    URI start(Right right) throws IOException;

    /// {@return the address of the server that runs, null if none does}
    ///
    /// @param right as for [#start]
    @Nullable URI running(Right right);

    /// Ends it, and all requests with it. Nothing happens if it does not run.
    void stop();
}
