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
        Program program,
        Detail<Credentials> credentials,
        Detail<String> userName,
        Surroundings surroundings)
        implements TaskDetails {

    private static final Detail<String> NO_USER = Detail.unknown(Reason.NOT_READ);

    static Details unknown(Reason reason) {
        return new Details(
                Program.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Surroundings.unknown(reason));
    }

    /// {@return the details of a process of which only these were read}
    static Details of(Program program, Detail<Credentials> ids) {
        return new Details(program, ids, NO_USER, Surroundings.NOT_READ);
    }

    /// {@return the details that a process has just after its fork: those that a fork copies and
    /// that can't have changed since without an event}
    Details forked() {
        return surroundings.equals(Surroundings.NOT_READ)
                ? this
                : new Details(program, credentials, userName, Surroundings.NOT_READ);
    }

    Details withProgram(Program next) {
        return new Details(next, credentials, userName, surroundings);
    }

    Details withComm(Detail<String> name) {
        return withProgram(program.withComm(name));
    }

    Details withCredentials(Detail<Credentials> ids) {
        return new Details(program, ids, NO_USER, surroundings);
    }

    Details withUserName(Detail<String> user) {
        return new Details(program, credentials, user, surroundings);
    }

    Details withSurroundings(Surroundings now) {
        return new Details(program, credentials, userName, now);
    }

    /// {@return what is kept of them if they are long: texts of so many bytes at most, no namespaces}
    Details beginning(int limit) {
        return new Details(
                program.beginning(limit), credentials, userName, surroundings.beginning(limit));
    }

    @Override
    public int heapBytes() {
        return program.heapBytes() + surroundings.heapBytes();
    }

    boolean isUnknown() {
        return credentials instanceof Detail.Unknown;
    }

    @Override
    public Detail<String> comm() {
        return program.comm();
    }

    @Override
    public Detail<String> executable() {
        return program.executable();
    }

    @Override
    public Detail<List<String>> commandLine() {
        return program.commandLine();
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
