// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;

import java.util.List;
import java.util.Map;

/// What is known of a task of a test. Immutable.
///
/// @param comm its name
/// @param credentials its ids
/// @param executable its program
/// @param commandLine its arguments
/// @param labels its labels
public record FakeDetails(
        Detail<String> comm,
        Detail<Credentials> credentials,
        Detail<String> executable,
        Detail<List<String>> commandLine,
        Map<String, String> labels)
        implements TaskDetails {

    /// {@return details of a task of root, of which everything is known}
    ///
    /// @param comm the name
    /// @param command the command line
    public static FakeDetails of(String comm, String... command) {
        return new FakeDetails(
                Detail.of(comm),
                Detail.of(new Credentials(0, 0, 0, 0)),
                Detail.of("/bin/" + comm),
                Detail.of(List.of(command)),
                Map.of());
    }

    /// {@return details of which only the ids are known}
    ///
    /// @param credentials the ids
    public static FakeDetails of(Credentials credentials) {
        Detail<String> text = Detail.unknown(Reason.NOT_READ);
        return new FakeDetails(
                text, Detail.of(credentials), text, Detail.unknown(Reason.NOT_READ), Map.of());
    }

    /// {@return details of which nothing is known}
    ///
    /// @param reason why
    public static FakeDetails unknown(Reason reason) {
        Detail<String> text = Detail.unknown(reason);
        return new FakeDetails(
                text, Detail.unknown(reason), text, Detail.unknown(reason), Map.of());
    }

    /// {@return the same with labels}
    ///
    /// @param its the labels
    public FakeDetails labelled(Map<String, String> its) {
        return new FakeDetails(comm, credentials, executable, commandLine, its);
    }
}
