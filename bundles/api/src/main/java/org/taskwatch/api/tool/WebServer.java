// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.net.URI;

/// The web server of the instance. An OSGi service. Safe for all threads.
@ProviderType
public interface WebServer {
    /// Starts the server, unless it runs.
    ///
    /// @return its address with the token: whoever has it may see all that the server shows
    /// @throws IOException if it can't listen there, or the file of the token can't be written; the message says where
    URI start() throws IOException;

    /// Ends it, and all requests with it. Nothing happens if it does not run.
    void stop();
}
