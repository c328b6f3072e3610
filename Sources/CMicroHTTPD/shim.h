#pragma once
// libmicrohttpd speaks TLS by GnuTLS, and asks for certificates in its types; what else of it is used is loaded with
// it.
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>

// MHD_start_daemon is variadic; the options come as an array instead. The port is that of the listening socket among
// them.
static inline struct MHD_Daemon *cmicrohttpd_start(
    unsigned int flags, MHD_AccessHandlerCallback handler, void *context, const struct MHD_OptionItem *options) {
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// MHD_get_connection_info is variadic.
static inline int cmicrohttpd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}
static inline void *cmicrohttpd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// Function pointers do not convert to `void *` in Swift.
static inline struct MHD_OptionItem cmicrohttpd_on_completed(MHD_RequestCompletedCallback callback) {
    struct MHD_OptionItem item = {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)callback, NULL};
    return item;
}
static inline struct MHD_OptionItem cmicrohttpd_on_connection(MHD_NotifyConnectionCallback callback, void *context) {
    struct MHD_OptionItem item = {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)callback, context};
    return item;
}

static inline struct MHD_OptionItem cmicrohttpd_on_certificate(gnutls_certificate_retrieve_function2 *callback) {
    struct MHD_OptionItem item = {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)callback};
    return item;
}

// Glibc declares it for _GNU_SOURCE alone, which Swift's module of it is built without.
int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// Leaves percent escapes alone: the raw path is wanted too, and an escaped NUL would cut a C string short.
static inline size_t cmicrohttpd_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return __builtin_strlen(text);
}
static inline struct MHD_OptionItem cmicrohttpd_keeping_escapes(void) {
    struct MHD_OptionItem item = {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)cmicrohttpd_keep_escapes, NULL};
    return item;
}
