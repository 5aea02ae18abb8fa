FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -tags=nodynamic -trimpath -ldflags="-s -w" -o /haggle ./cmd/haggle && mkdir /data

FROM scratch
COPY --from=build /haggle /haggle
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532
ENV HAGGLE_LISTEN=0.0.0.0:8080 HAGGLE_DATA=/data
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["/haggle", "healthy"]
ENTRYPOINT ["/haggle"]
CMD ["serve"]
