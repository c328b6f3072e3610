// Plays every command of DW1, and some errors, through libzmq alone: what a client in C looks like without any library.
//
//     cc -O2 -Wall -Wextra -Werror -o commands commands.c -lzmq && ./commands LOG FEED
//
// The log must have six records. It prints a line a step and ends with 0 where every answer is what it should be.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { places = 8 };

// The last answer: its json, and its records' positions.
static struct {
    int isOK;
    char json[65536];
    int count;
    unsigned char positions[places][40];
} answer;

static void *log_socket;

static void fail(const char *step, const char *what)
{
    printf("FAIL  %s: %s\n      %s\n", step, what, answer.json);
    exit(1);
}

static void take(const char *step)
{
    zmq_pollitem_t item = {log_socket, 0, ZMQ_POLLIN, 0};
    answer.isOK = answer.count = 0;
    answer.json[0] = 0;
    if (zmq_poll(&item, 1, 10000) != 1) fail(step, "no answer came");
    int more = 1;
    for (int index = 0; more; index++) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, log_socket, 0) < 0) fail(step, zmq_strerror(zmq_errno()));
        const char *bytes = zmq_msg_data(&frame);
        size_t count = zmq_msg_size(&frame);
        if (index == 0 && (count != 3 || memcmp(bytes, "DW1", 3) != 0)) fail(step, "the answer is not of DW1");
        if (index == 1) answer.isOK = count == 2 && memcmp(bytes, "OK", 2) == 0;
        if (index == 2 && (count != 4 || memcmp(bytes, "\0\1\2\3", 4) != 0)) fail(step, "it is another request's id");
        if (index == 3 && count < sizeof answer.json) {
            memcpy(answer.json, bytes, count);
            answer.json[count] = 0;
        }
        if (index >= 4 && index % 2 == 0) {
            if (count != 40 || memcmp(bytes, "DW\1\1", 4) != 0) fail(step, "a position is not one");
            if (answer.count < places) memcpy(answer.positions[answer.count], bytes, 40);
            answer.count++;
        }
        more = zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
}

// Sends a command with the json that a format makes, and takes its answer.
static void ask(const char *version, const char *command, const char *format, ...)
{
    char json[4096];
    va_list values;
    va_start(values, format);
    vsnprintf(json, sizeof json, format, values);
    va_end(values);
    zmq_send(log_socket, version, strlen(version), ZMQ_SNDMORE);
    zmq_send(log_socket, command, strlen(command), ZMQ_SNDMORE);
    zmq_send(log_socket, "\0\1\2\3", 4, ZMQ_SNDMORE);
    zmq_send(log_socket, json, strlen(json), 0);
    take(command);
}

static void expect(const char *step, int condition, const char *what)
{
    if (!condition) fail(step, what);
    printf("pass  %s: %s\n", step, what);
}

// The number behind a name in the answer's json; -1 where it is not there.
static long long number(const char *name)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    const char *place = strstr(answer.json, quoted);
    return place ? atoll(place + strlen(quoted)) : -1;
}

static int says(const char *text) { return strstr(answer.json, text) != NULL; }

static long long seq(int index)
{
    long long value = 0;
    for (int place = 24; place < 32; place++) value = value << 8 | answer.positions[index][place];
    return value;
}

int main(int count, char **arguments)
{
    if (count != 3) return 64;
    void *context = zmq_ctx_new();
    log_socket = zmq_socket(context, ZMQ_REQ);
    int linger = 0;
    zmq_setsockopt(log_socket, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_connect(log_socket, arguments[1]) != 0) return 1;

    ask("DW1", "HELLO", "{\"client\":\"commands.c\",\"want\":[1]}");
    long long low = number("low"), head = number("head");
    expect("HELLO", answer.isOK && number("version") == 1 && low >= 1 && head >= low + 5, "greets, with six records");
    ask("DW1", "PING", "{}");
    expect("PING", answer.isOK && number("head") >= head, "has the head");
    ask("DW1", "SEEK", "{\"at\":\"first\"}");
    expect("SEEK", answer.isOK && number("after") == low - 1, "finds the beginning");
    ask("DW1", "SEEK", "{\"at\":{\"time_ms\":9007199254740991}}");
    expect("SEEK", answer.isOK && number("after") >= head, "finds the end");

    ask("DW1", "FETCH", "{\"after\":0,\"max\":2}");
    expect("FETCH", answer.isOK && answer.count == 2 && seq(0) == low && seq(1) == low + 1, "gives the oldest records");
    const char *next = strstr(answer.json, "\"next\":{");
    if (!next) fail("FETCH", "there is no next");
    char cursor[512];
    snprintf(cursor, sizeof cursor, "%.*s", (int)strcspn(next + 8, "}"), next + 8);
    ask("DW1", "FETCH", "{%s,\"max\":1,\"wait_ms\":1000}", cursor);
    expect("FETCH", answer.isOK && answer.count == 1 && seq(0) == low + 2, "goes on after next");
    ask("DW1", "COMMIT", "{\"consumer\":\"commands.c\",\"after\":%lld}", low);
    expect("COMMIT", answer.isOK && number("head") >= head, "is taken");
    ask("DW1", "CONSUMER", "{\"consumer\":\"commands.c\"}");
    expect("CONSUMER", answer.isOK && number("after") == low && number("lag") >= head - low, "has the place and the lag");
    ask("DW1", "CONSUMER", "{\"consumer\":\"commands.c\",\"action\":\"forget\"}");
    expect("CONSUMER", answer.isOK && says("\"existed\":true"), "is forgotten");
    ask("DW1", "CONSUMER", "{\"consumer\":\"commands.c\"}");
    expect("CONSUMER", !answer.isOK && number("code") == 404, "is not known any more");

    const char *owner = "\"group\":\"commands.c\",\"owner\":\"one\"";
    ask("DW1", "CLAIM", "{%s,\"max\":3,\"create\":{\"from\":\"first\",\"max_attempts\":2}}", owner);
    long long a = seq(0), b = seq(1), c = seq(2);
    expect("CLAIM", answer.isOK && answer.count == 3 && a < b && b < c, "leases three");
    ask("DW1", "EXTEND", "{%s,\"seqs\":[%lld,%lld],\"lease_ms\":5000}", owner, a, b);
    expect("EXTEND", answer.isOK && number("left_ms") == 5000 && says("\"stale\":[]"), "lengthens two");
    ask("DW1", "NACK", "{%s,\"seqs\":[%lld],\"reason\":\"no\"}", owner, a);
    expect("NACK", answer.isOK && says("\"stale\":[]"), "gives one back as failed");
    ask("DW1", "RELEASE", "{%s,\"seqs\":[%lld]}", owner, b);
    expect("RELEASE", answer.isOK && says("\"stale\":[]"), "gives one back untouched");
    ask("DW1", "DONE", "{%s,\"seqs\":[%lld,%lld]}", owner, c, c + 1000);
    expect("DONE", answer.isOK && !says("\"stale\":[]"), "ends one, and what is not held is stale");
    ask("DW1", "CLAIM", "{%s,\"max\":2}", owner);
    expect("CLAIM", answer.isOK && answer.count == 2 && seq(0) == a && seq(1) == b, "gives both again");
    ask("DW1", "NACK", "{%s,\"seqs\":[%lld],\"reason\":\"never\"}", owner, a);
    ask("DW1", "GROUP", "{\"group\":\"commands.c\"}");
    expect("GROUP", answer.isOK && says("\"reason\":\"never\""), "has what failed twice among the dead");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"retry-dead\",\"seqs\":[%lld]}", a);
    expect("GROUP", answer.isOK && number("retried") == 1, "gives the dead one out again");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"discard-dead\"}");
    expect("GROUP", answer.isOK && number("discarded") == 0, "has nothing left to discard");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"pause\"}");
    expect("GROUP", answer.isOK && says("\"paused\":true"), "stands still");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"resume\"}");
    expect("GROUP", answer.isOK && says("\"paused\":false"), "goes on");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"reset\",\"from\":\"end\"}");
    expect("GROUP", answer.isOK && number("inflight") == 0 && number("high") >= head, "begins anew at the end");
    ask("DW1", "GROUP", "{}");
    expect("GROUP", answer.isOK && says("\"group\":\"commands.c\""), "is in the list");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"delete\"}");
    expect("GROUP", answer.isOK, "is deleted");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"create\",\"from\":\"first\"}");
    expect("GROUP", answer.isOK && says("\"created\":true"), "is made by its own command");
    ask("DW1", "GROUP", "{\"group\":\"commands.c\",\"action\":\"delete\"}");

    ask("DW1", "NOTHING", "{}");
    expect("NOTHING", !answer.isOK && number("code") == 404, "is no command");
    ask("DW1", "FETCH", "{\"after\":-1}");
    expect("FETCH", !answer.isOK && number("code") == 400, "refuses what is malformed");
    ask("DW1", "FETCH", "{\"after\":9007199254740991}");
    expect("FETCH", !answer.isOK && number("code") == 416, "says where the end is");
    ask("DW9", "PING", "{}");
    expect("DW9", !answer.isOK && number("code") == 505, "is no version");

    void *feed = zmq_socket(context, ZMQ_SUB);
    zmq_setsockopt(feed, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(feed, ZMQ_SUBSCRIBE, "!head", 5);
    if (zmq_connect(feed, arguments[2]) != 0) return 1;
    int limit = 10000;
    zmq_setsockopt(feed, ZMQ_RCVTIMEO, &limit, sizeof limit);
    char topic[64], body[65536];
    unsigned char position[64];
    int sizes[3] = {zmq_recv(feed, topic, sizeof topic, 0), zmq_recv(feed, position, sizeof position, 0),
                    zmq_recv(feed, body, sizeof body, 0)};
    expect("feed", sizes[0] == 5 && sizes[1] == 40 && memcmp(position, "DW\1\2", 4) == 0 && sizes[2] > 2, "has a head");
    return 0;
}
