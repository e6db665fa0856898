// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;

import java.util.List;
import java.util.Map;

/// The details of a task at one moment; replaced, never changed.
record Details(
        Detail<String> comm,
        Detail<Credentials> credentials,
        Detail<String> executable,
        Detail<List<String>> commandLine,
        Detail<String> userName,
        Surroundings surroundings)
        implements TaskDetails {

    private static final Detail<String> NO_USER = Detail.unknown(Reason.NOT_READ);

    static Details unknown(Reason reason) {
        return new Details(
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Surroundings.unknown(reason));
    }

    /// {@return the details of a process of which only these were read}
    static Details of(
            Detail<List<String>> arguments,
            Detail<String> program,
            Detail<String> name,
            Detail<Credentials> ids) {
        return new Details(name, ids, program, arguments, NO_USER, Surroundings.NOT_READ);
    }

    /// {@return the details that a process has just after its fork: those that a fork copies and
    /// that can't have changed since without an event}
    Details forked() {
        return new Details(
                comm, credentials, executable, commandLine, userName, Surroundings.NOT_READ);
    }

    /// {@return the same without what an exec has replaced}
    Details withoutProgram(Reason reason) {
        return new Details(
                Detail.unknown(reason),
                credentials,
                Detail.unknown(reason),
                Detail.unknown(reason),
                userName,
                surroundings);
    }

    Details withCommandLine(Detail<List<String>> arguments) {
        return new Details(comm, credentials, executable, arguments, userName, surroundings);
    }

    Details withExecutable(Detail<String> program) {
        return new Details(comm, credentials, program, commandLine, userName, surroundings);
    }

    Details withComm(Detail<String> name) {
        return new Details(name, credentials, executable, commandLine, userName, surroundings);
    }

    Details withCredentials(Detail<Credentials> ids) {
        return new Details(comm, ids, executable, commandLine, NO_USER, surroundings);
    }

    Details withUserName(Detail<String> user) {
        return new Details(comm, credentials, executable, commandLine, user, surroundings);
    }

    Details withSurroundings(Surroundings now) {
        return new Details(comm, credentials, executable, commandLine, userName, now);
    }

    boolean isUnknown() {
        return credentials instanceof Detail.Unknown;
    }

    @Override
    public Detail<String> workingDirectory() {
        return surroundings.workingDirectory();
    }

    @Override
    public Detail<Cgroup> cgroup() {
        return surroundings.cgroup();
    }

    @Override
    public Detail<Integer> loginUid() {
        return surroundings.loginUid();
    }

    @Override
    public Detail<Map<String, Long>> namespaces() {
        return surroundings.namespaces();
    }
}
