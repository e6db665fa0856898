// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.http.HttpServletRequest;

import java.util.Set;

/// Which requests may change something. A browser adds the name and the password of the console to each request by itself,
/// also to those that pages of others make it send.
final class SameOrigin {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private SameOrigin() {}

    /// {@return whether a request changes nothing by its method, or comes from a page of this very server}
    static boolean isGivenIfNeeded(HttpServletRequest request) {
        if (READING.contains(request.getMethod())) {
            return true;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean isOwnSite = site == null || site.equals("same-origin");
        boolean isOwnOrigin =
                origin == null
                        || origin.replaceFirst("^https?://", "").equals(request.getHeader("Host"));
        return isOwnSite && isOwnOrigin && (site != null || origin != null);
    }
}
